import { clockMs } from '../../../contract/clock.ts';
import type { ConversationRecord, MessageRecord, OutboxEntry, SyncState } from '../../../contract/database.ts';
import { newId } from '../../../contract/ids.ts';
import { seenFields } from '../../../contract/overlay.ts';
import type { Answer, SyncRequest } from '../../../contract/wire.ts';
import { runCycle } from '../cycle.ts';
import type { CycleEnd } from '../cycle-parts.ts';
import type { Random, Sent, Store, Stored } from '../ports.ts';
import { writeMessage } from '../write-message.ts';
import type { Writing } from '../written-fields.ts';
import { memoryStore } from './memory-store.ts';
import type { ModelServer } from './model-server.ts';

/** What becomes of one request: the server's own answer unless a test says otherwise. */
export type Fate = (request: SyncRequest, answer: () => Answer) => Sent | Promise<Sent>;

/** A source of randomness that gives the same again for the same seed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    fraction,
    getRandomValues(bytes) {
      for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(fraction() * 256);
      return bytes;
    },
  };
}

/** One device of the model server's user: the shipped engine, a store in memory, a clock of its own. */
export class Device<S extends Store = ReturnType<typeof memoryStore>> {
  /** Device time minus server time. */
  skew = 0;
  fates: Fate[] = [];
  requests: SyncRequest[] = [];
  told: string[] = [];
  readonly random: Random;
  readonly server: ModelServer;
  readonly store: S;

  constructor(server: ModelServer, store: S, seed = 1) {
    this.server = server;
    this.store = store;
    this.random = seededRandom(seed);
  }

  now = (): number => this.server.time + this.skew;
  newId = (): string => newId(this.server.time, this.random);
  writing = (): Writing => ({ now: this.now(), origin: 'live' });

  do<T>(work: (stored: Stored, writing: Writing) => Promise<T>): Promise<T> {
    this.server.time += 1;
    return this.store.change('strict', (stored) => work(stored, this.writing()));
  }

  async write(text: string, conversation: string, id = this.newId()): Promise<string> {
    await this.do((stored, writing) => writeMessage(stored, { id, conversation, parent: null, text }, writing));
    return id;
  }

  sync(): Promise<CycleEnd> {
    const answering = async (request: SyncRequest): Promise<Sent> => {
      const sent = JSON.parse(JSON.stringify(request)) as SyncRequest;
      this.requests.push(sent);
      this.server.time += 1;
      const fate = this.fates.shift();
      const answer = () => this.server.answer(sent);
      return fate ? fate(sent, answer) : { is: 'answered', answer: answer(), at: this.now() };
    };
    return runCycle({
      store: this.store,
      server: { sync: answering },
      user: 'somebody',
      time: { now: this.now },
      random: this.random,
      tell: {
        changed: (conversations) => void this.told.push(...conversations),
        syncing: (active) => void this.told.push(active ? 'syncing' : 'quiet'),
      },
      pollAfter: (seconds) => seconds * 1_000,
    });
  }

  state = (): Promise<SyncState> => this.store.read((stored) => stored.state());
  outbox = (): Promise<OutboxEntry[]> => this.store.read((stored) => stored.outbox());
  conversation = (id: string): Promise<ConversationRecord | undefined> =>
    this.store.read((stored) => stored.entity('conversation', id));
  message = (id: string): Promise<MessageRecord | undefined> =>
    this.store.read((stored) => stored.entity('message', id));

  async texts(conversation: string): Promise<(string | undefined)[]> {
    const messages = await this.store.read((stored) => stored.messagesOf(conversation));
    return messages.map((message) => seenFields(message).text);
  }

  async title(conversation: string): Promise<string | undefined> {
    const record = await this.conversation(conversation);
    return record && seenFields(record).title;
  }

  /** Every clock that this device has sent. */
  sentClocks(): number[] {
    return this.requests
      .flatMap((request) => request.ops)
      .flatMap((op) => ('set' in op ? Object.values(op.set).map(([, clock]) => clockMs(clock)) : []));
  }
}

/** A new device of the server's user, its store in memory. */
export function newDevice(server: ModelServer, name = 'a'): Device {
  return new Device(server, memoryStore(name.padEnd(12, '0')), name.charCodeAt(0));
}

export const lostRequest: Fate = () => ({ is: 'no-answer', lost: false });
export const lostAnswer: Fate = (_request, answer) => {
  answer();
  return { is: 'no-answer', lost: true };
};
export function refusedWith(status: number, code: string, retryAfter: number | null = null): Fate {
  return () => ({ is: 'refused', status, code, retryAfter });
}
