import { makeClock } from '../../contract/clock.ts';
import { type Op, protocolVersion } from '../../contract/wire.ts';
import { clock, conversation, id, message } from './device.ts';

/** Stands in every text of these requests, and must never be found anywhere else. */
export const secret = 'only between us';

export interface Good {
  v: number;
  device: string;
  epoch: string;
  cursor: null;
  ops: Op[];
  limit: number;
  [more: string]: unknown;
}

/** A request that would be stored, with a conversation and a message in it. */
export function goodRequest(device: string, epoch: string): Good {
  const plans = id();
  const ops = [conversation(plans, { title: secret }), message(plans, `${secret}, hello`)];
  return { v: protocolVersion, device, epoch, cursor: null, ops, limit: 10 };
}

type Spoil = (good: Good) => unknown;
const nested = (depth: number, inner: string) => `${'{"a":'.repeat(depth)}${inner}${'}'.repeat(depth)}`;
const withOp = (good: Good, change: (op: Op) => object) => ({ ...good, ops: [good.ops[0], change(good.ops[1] as Op)] });
const farAhead = makeClock(253_402_300_799_999, 0, 'aaaaaaaaaaaa');

/** Requests that are refused as a whole. What is no JSON at all is given as text. */
export const refusedWhole: [what: string, status: number, code: string, Spoil][] = [
  [
    'ten million letters in a text',
    413,
    'too-large',
    (good) => withOp(good, () => message(id(), secret.repeat(700_000))),
  ],
  [
    'ten thousand ops',
    413,
    'too-large',
    (good) => ({ ...good, ops: Array.from({ length: 10_000 }, () => conversation(id())) }),
  ],
  ['a text where the ops are', 400, 'bad-request', (good) => ({ ...good, ops: secret })],
  ['ops within ops', 400, 'bad-request', (good) => ({ ...good, ops: [good.ops] })],
  ['a list as request', 400, 'bad-request', (good) => [good]],
  ['a text as request', 400, 'bad-request', () => secret],
  [
    'facts nested a thousand deep',
    400,
    'bad-request',
    (good) => JSON.stringify(good).replace('"made":{}', `"made":${nested(1_000, `"${secret}"`)}`),
  ],
  [
    'an unknown field nested nine deep',
    400,
    'bad-request',
    (good) => ({ ...good, extra: JSON.parse(nested(9, `"${secret}"`)) }),
  ],
  ['a negative limit', 400, 'bad-request', (good) => ({ ...good, limit: -1 })],
  ['a limit of 10^400', 400, 'bad-request', (good) => JSON.stringify(good).replace('"limit":10', '"limit":1e400')],
  ['half a limit', 400, 'bad-request', (good) => ({ ...good, limit: 0.5 })],
  ['a cursor of 2^53', 400, 'bad-request', (good) => ({ ...good, cursor: { seq: 2 ** 53, floor: null } })],
  ['a floor of minus one', 400, 'bad-request', (good) => ({ ...good, cursor: { seq: 0, floor: -1 } })],
  ['a floor that is a text', 400, 'bad-request', (good) => ({ ...good, cursor: { seq: 0, floor: '0' } })],
  ['a version from the future', 426, 'too-old', (good) => ({ ...good, v: 1e300 })],
  ['an id in capitals', 400, 'bad-request', (good) => withOp(good, (op) => ({ ...op, id: op.id.toUpperCase() }))],
  ['an id in braces', 400, 'bad-request', (good) => withOp(good, (op) => ({ ...op, id: `{${op.id}}` }))],
  ['an id with a line after it', 400, 'bad-request', (good) => withOp(good, (op) => ({ ...op, id: `${op.id}\n` }))],
  ['a device with a line after it', 400, 'bad-request', (good) => ({ ...good, device: `${good.device}\n` })],
  [
    'a clock before 1970',
    400,
    'bad-request',
    (good) => withOp(good, (op) => ({ ...op, set: { text: [secret, '-00000000000001.0000.aaaaaaaaaaaa'] } })),
  ],
  [
    'a clock in another alphabet',
    400,
    'bad-request',
    (good) => withOp(good, (op) => ({ ...op, set: { text: [secret, '٠٠٠٠٠٠٠٠٠٠٠٠٠٠١.0000.aaaaaaaaaaaa'] } })),
  ],
  ['a field that is null', 400, 'bad-request', (good) => withOp(good, (op) => ({ ...op, set: { text: null } }))],
  [
    'an op that writes and purges with a word',
    400,
    'bad-request',
    (good) => withOp(good, (op) => ({ ...op, purge: secret })),
  ],
];

/** Requests with a clock ahead of the server: they get the time and nothing else. */
export const ahead: [what: string, Spoil][] = [
  ['of the year 9999', (good) => withOp(good, (op) => ({ ...op, set: { text: [secret, farAhead] } }))],
  [
    'of the last year a clock can say',
    (good) => withOp(good, (op) => ({ ...op, set: { text: [secret, '999999999999999.9999.zzzzzzzzzzzz'] } })),
  ],
  [
    'in a field that nobody knows',
    (good) => withOp(good, (op) => ({ ...op, set: { text: [secret, clock()], mood: [secret, farAhead] } })),
  ],
];

/** What is JSON and PostgreSQL cannot store: refused by our function, who shows the words to nobody. */
export const unstorable: [what: string, (good: string, words: string) => string][] = [
  ['NUL in a text', (good, words) => good.replaceAll(secret, `${words}\\u0000`)],
  ['half of a surrogate pair', (good, words) => good.replaceAll(secret, `${words}\\ud83e`)],
  ['surrogates the wrong way round', (good, words) => good.replaceAll(secret, `${words}\\udd89\\ud83e`)],
  ['a number with more digits than there are', (good) => good.replace('"limit":10', '"limit":1e200000')],
];

/** Ops that are refused alone: what is beside them is stored. */
export const refusedOps: [what: string, code: string, (op: Op & { made: object; set: object }) => object][] = [
  ['a kind nobody knows', 'unknown-kind', (op) => ({ ...op, kind: 'toString' })],
  ['a purge of a kind nobody knows', 'unknown-kind', ({ id, origin }) => ({ id, origin, kind: 'note', purge: true })],
  ['a text that is a number', 'bad-op', (op) => ({ ...op, set: { text: [7, clock()] } })],
  ['a text that is null', 'bad-op', (op) => ({ ...op, set: { text: [null, clock()] } })],
  ['a text that is a list', 'bad-op', (op) => ({ ...op, set: { text: [[secret], clock()] } })],
  ['a text one letter too long', 'too-long', (op) => ({ ...op, set: { text: ['x'.repeat(32_001), clock()] } })],
  ['a role nobody has', 'bad-op', (op) => ({ ...op, made: { ...op.made, role: 'system' } })],
  ['a parent that is no id', 'bad-op', (op) => ({ ...op, made: { ...op.made, parent: secret } })],
  ['an attempt below nothing', 'bad-op', (op) => ({ ...op, made: { ...op.made, attempt: -1 } })],
  ['an enormous attempt', 'bad-op', (op) => ({ ...op, made: { ...op.made, attempt: 1e300 } })],
  ['half an attempt', 'bad-op', (op) => ({ ...op, made: { ...op.made, attempt: 0.5 } })],
  ['no conversation', 'bad-op', (op) => ({ ...op, made: { role: 'user', parent: null, attempt: 0 } })],
  ['a conversation that nobody has', 'no-conversation', (op) => ({ ...op, made: { ...op.made, conversation: id() } })],
  ['itself as conversation', 'no-conversation', (op) => ({ ...op, made: { ...op.made, conversation: op.id } })],
  ['no text', 'bad-op', (op) => ({ ...op, set: {} })],
];
