import { makeClock } from '../../contract/clock.ts';
import { newId } from '../../contract/ids.ts';
import type { Cursor, Op, Synced } from '../../contract/wire.ts';
import { seededFraction } from '../../e2e/fixtures/seeded-fraction.ts';
import type { Person } from '../../server/testing/ask-atlas.ts';
import { sampleText } from './sample-text.ts';

/** Another device of the same account, without a browser: what it writes is what the measured device has to pull. */
export interface OtherDevice {
  /** Writes conversations of so many messages, each about 500 characters long. */
  writeHistory(conversations: number, messages: number, progress: (written: number) => void): Promise<void>;
  /** Writes so many messages into the first conversations, in one request. */
  writeMessages(count: number): Promise<void>;
}

const device = 'benchdevice0';
const opsMost = 500;

/** Its identifiers and texts are the same in every run; its clocks are the server's time. */
export async function openOtherDevice(person: Person): Promise<OtherDevice> {
  const fraction = seededFraction(1);
  const random = {
    getRandomValues: (bytes: Uint8Array<ArrayBuffer>) => bytes.map(() => Math.floor(fraction() * 256)),
  };
  const first = await sync([], null, null);
  let { epoch, cursor } = first;
  const base = first.time;
  let made = 0;
  const homes: string[] = [];

  async function sync(ops: Op[], epoch: string | null, cursor: Cursor | null): Promise<Synced> {
    const { status, body } = await person.sync({ v: 1, device, epoch, cursor, ops, limit: 1 });
    if (status !== 200 || body.is !== 'synced') throw new Error(`the other device was answered ${status} ${body.is}`);
    const wrong = body.results.find(({ is }: { is: string }) => is !== 'stored');
    if (wrong !== undefined) throw new Error(`an op of the other device was ${JSON.stringify(wrong)}`);
    return body;
  }

  /** Clocks a millisecond apart and all in the past. */
  const clock = () => makeClock(base - 10_000_000 + ++made, 0, device);
  const id = () => newId(base - 10_000_000 + made, random);

  function conversation(): Op {
    const home = id();
    homes.push(home);
    const title = sampleText(made, 20).slice(0, 60);
    const set = { title: [title, clock()], trashed: [false, clock()] };
    return { kind: 'conversation', id: home, origin: 'import', made: {}, set } as Op;
  }

  function message(home: string, nth: number): Op {
    const role = nth % 2 === 0 ? 'user' : 'assistant';
    const text = sampleText(made, 390 + ((made * 37) % 120));
    const facts = { conversation: home, role, parent: null, attempt: 0 };
    return { kind: 'message', id: id(), origin: 'import', made: facts, set: { text: [text, clock()] } } as Op;
  }

  return {
    async writeHistory(conversations, messages, progress) {
      const ops = Array.from({ length: conversations }, conversation);
      for (let nth = 0; nth < messages; nth++) for (const home of homes) ops.push(message(home, nth));
      for (let from = 0; from < ops.length; from += opsMost) {
        ({ epoch, cursor } = await sync(ops.slice(from, from + opsMost), epoch, cursor));
        progress(Math.min(ops.length, from + opsMost));
      }
    },
    async writeMessages(count) {
      const ops = Array.from({ length: count }, (_, nth) => message(homes[nth % 10] ?? '', nth));
      ({ epoch, cursor } = await sync(ops, epoch, cursor));
    },
  };
}
