import * as v from 'valibot';
import { expect } from 'vitest';
import { type Clock, makeClock } from '../../contract/clock.ts';
import { type AnyRow, parseRow } from '../../contract/entities.ts';
import { newDeviceId, newId } from '../../contract/ids.ts';
import {
  AnswerSchema,
  type Cursor,
  type Op,
  protocolVersion,
  type Synced,
  storedRow,
  TombstoneSchema,
} from '../../contract/wire.ts';
import type { Answered, Caller } from './database.ts';

/** A device that keeps what the server tells it, and nothing more. */
export interface Device {
  readonly name: string;
  epoch: string | null;
  cursor: Cursor | null;
  readonly rows: Map<string, AnyRow>;
  readonly gone: Set<string>;
  /** Every row and tombstone that came as a change, in the order it came. */
  readonly seen: { id: string; seq: number }[];
  /** The request it would send. */
  request(ops?: Op[], limit?: number): object;
  /** One request, its answer kept. */
  send(ops?: Op[], limit?: number): Promise<Synced>;
  /** Sends, then asks until there is no more. */
  sync(ops?: Op[], limit?: number): Promise<Synced>;
}

export function newDevice(caller: Pick<Caller, 'sync'>): Device {
  const device: Device = {
    name: newDeviceId(crypto),
    epoch: null,
    cursor: null,
    rows: new Map(),
    gone: new Set(),
    seen: [],
    request: (ops = [], limit = 1_000) => ({
      v: protocolVersion,
      device: device.name,
      epoch: device.epoch,
      cursor: device.cursor,
      ops,
      limit,
    }),
    send: async (ops = [], limit) => {
      const answer = synced(await caller.sync(device.request(ops, limit)));
      keep(device, ops, answer);
      return answer;
    },
    sync: async (ops = [], limit) => {
      const first = await device.send(ops, limit);
      for (let answer = first; answer.more; ) answer = await device.send([], limit);
      return first;
    },
  };
  return device;
}

/** The answer, which must be a `synced` one. */
export function synced(answered: Answered): Synced {
  expect(answered).toMatchObject({ status: 200, body: { is: 'synced' } });
  return v.parse(AnswerSchema, answered.body) as Synced;
}

function keep(device: Device, ops: Op[], answer: Synced): void {
  expect(answer.results.map((result) => result.id)).toEqual(ops.map((op) => op.id));
  answer.results.forEach((result, i) => {
    const op = ops[i];
    if (result.is === 'gone') forget(device, result.id);
    if (result.is === 'stored' && op !== undefined && 'set' in op) keepRow(device, storedRow(op, result));
  });
  for (const change of answer.changes) {
    const tombstone = v.safeParse(TombstoneSchema, change);
    if (tombstone.success) forget(device, tombstone.output.id);
    else keepRow(device, change);
    device.seen.push(change as { id: string; seq: number });
  }
  device.epoch = answer.epoch;
  device.cursor = answer.cursor;
}

function keepRow(device: Device, row: unknown): void {
  const parsed = parseRow(row);
  expect(parsed, `not a row: ${JSON.stringify(row)}`).not.toBeNull();
  if (parsed === null || device.gone.has(parsed.id)) return;
  if (parsed.kind === 'message' && device.gone.has(parsed.conversation)) return;
  if ((device.rows.get(parsed.id)?.seq ?? 0) <= parsed.seq) device.rows.set(parsed.id, parsed);
}

function forget(device: Device, id: string): void {
  device.gone.add(id);
  device.rows.delete(id);
  for (const row of device.rows.values()) {
    if (row.kind === 'message' && row.conversation === id) device.rows.delete(row.id);
  }
}

export const id = () => newId(Date.now(), crypto);

let counter = 0;
/** A clock above every one given before, `ms` from now. */
export function clock(ms = 0, device = 'aaaaaaaaaaaa'): Clock {
  counter = (counter + 1) % 10_000;
  return makeClock(Date.now() + ms, counter, device);
}

export function conversation(
  conversationId: string,
  set: { title?: string; trashed?: boolean } = { title: 'Plans', trashed: false },
  at: Clock = clock(),
): Op {
  return {
    kind: 'conversation',
    id: conversationId,
    origin: 'live',
    made: {},
    set: {
      ...(set.title === undefined ? {} : { title: [set.title, at] }),
      ...(set.trashed === undefined ? {} : { trashed: [set.trashed, at] }),
    },
  };
}

export function message(
  conversationId: string,
  text: string,
  more: { id?: string; at?: Clock; role?: 'user' | 'assistant'; parent?: string } = {},
): Op {
  return {
    kind: 'message',
    id: more.id ?? id(),
    origin: 'live',
    made: { conversation: conversationId, role: more.role ?? 'user', parent: more.parent ?? null, attempt: 0 },
    set: { text: [text, more.at ?? clock()] },
  };
}

export function purge(kind: 'conversation' | 'message', purged: string): Op {
  return { kind, id: purged, origin: 'live', purge: true };
}
