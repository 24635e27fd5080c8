import { expect, test } from 'vitest';
import { renameConversation, trashConversation } from './change-conversation.ts';
import { handOver } from './hand-over.ts';
import type { Store, Stored } from './ports.ts';
import { purge } from './purge.ts';
import { type Device, newDevice } from './testing/device.ts';
import { memoryStore, StorageFailure } from './testing/memory-store.ts';
import { ModelServer } from './testing/model-server.ts';
import { writeMessage } from './write-message.ts';

interface Nobody {
  store: ReturnType<typeof memoryStore>;
  do<T>(work: (stored: Stored, writing: { now: number; origin: 'import' }) => Promise<T>): Promise<T>;
  write(text: string, conversation: string): Promise<string>;
}

async function nobodyAndAnn() {
  const server = new ModelServer();
  const ann = newDevice(server, 'ann');
  const own = ann.newId();
  await ann.write('Mine', own);
  await ann.sync();
  const store = memoryStore('nobody000000');
  const nobody: Nobody = {
    store,
    do(work) {
      server.time += 1;
      return store.change('strict', (stored) => work(stored, { now: server.time, origin: 'import' }));
    },
    async write(text, conversation) {
      const id = ann.newId();
      await this.do((stored, writing) => writeMessage(stored, { id, conversation, parent: null, text }, writing));
      return id;
    },
  };
  return { server, ann, nobody, own };
}

/** A store whose owner is killed before its so manieth change, counted over all that share `left`. */
function mortal(store: Store, left: { changes: number }): Store {
  return {
    ...store,
    change(durability, work) {
      if (left.changes-- <= 0) return Promise.reject(new StorageFailure('killed'));
      return store.change(durability, work);
    },
  };
}

async function isEmpty(store: Store): Promise<boolean> {
  return store.read(async (stored) => {
    const rows = [...(await stored.everyEntity('conversation')), ...(await stored.everyEntity('message'))];
    return rows.length + (await stored.outbox()).length + (await stored.everyDraft()).length === 0;
  });
}

function onServer({ server }: Device): unknown[] {
  return [...server.rows.values()].filter(({ kind }) => kind === 'message').map(({ text }) => text);
}

test('what nobody wrote is the account’s afterwards, as an import, in the order of writing', async () => {
  const { server, ann, nobody, own } = await nobodyAndAnn();
  const [first, second] = [ann.newId(), ann.newId()];
  await nobody.write('one', first);
  await nobody.write('two', second);
  await nobody.write('three', first);
  await nobody.do((stored, writing) => renameConversation(stored, first, 'Renamed', writing));
  await nobody.do((stored, writing) => trashConversation(stored, second, true, writing));
  await ann.write('Mine too', own);

  await handOver(nobody.store, ann.store);
  expect(await isEmpty(nobody.store)).toBe(true);
  expect(await ann.texts(first)).toEqual(['one', 'three']);
  expect(await ann.sync()).toEqual({ is: 'done' });
  expect(await ann.outbox()).toEqual([]);
  expect(onServer(ann)).toEqual(['Mine', 'Mine too', 'one', 'three', 'two']);
  expect(server.rows.get(first)).toMatchObject({ title: 'Renamed', trashed: false, count: 2 });
  expect(server.rows.get(second)).toMatchObject({ title: 'two', trashed: true });
  const imported = ann.requests.flatMap(({ ops }) => ops).filter(({ origin }) => origin === 'import');
  expect(imported).toHaveLength(5);
});

/** Everything `handOver` waits for, counted over all that share `left`: before and after each transaction, and in it. */
function mortalAtEveryAwait(store: Store, left: { awaits: number }): Store {
  const step = () => {
    if (left.awaits-- <= 0) throw new StorageFailure('killed');
  };
  const watched = (stored: Stored): Stored =>
    new Proxy(stored, {
      get: (target, name: keyof Stored) => {
        const does = target[name] as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          const result = does(...args);
          if (result instanceof Promise) step();
          return result;
        };
      },
    });
  const around = async <T>(work: () => Promise<T>): Promise<T> => {
    step();
    const result = await work();
    step();
    return result;
  };
  return {
    ...store,
    read: (work) => around(() => store.read((stored) => work(watched(stored)))),
    change: (durability, work) => around(() => store.change(durability, (stored) => work(watched(stored)))),
  };
}

/** Kills the move at one await after the other; how many there were. */
async function killedAtEachAwait(syncsBetween: boolean): Promise<number> {
  for (let awaits = 0; ; awaits++) {
    const { ann, nobody } = await nobodyAndAnn();
    const [first, second] = [ann.newId(), ann.newId()];
    await nobody.write('one', first);
    await nobody.write('two', first);
    await nobody.write('three', second);
    await nobody.do((stored, writing) => renameConversation(stored, second, 'Renamed', writing));
    await nobody.do(async (stored) => stored.putDraft({ conversation: 'new', text: 'half\n\na thought' }));

    const left = { awaits };
    const moved = handOver(mortalAtEveryAwait(nobody.store, left), mortalAtEveryAwait(ann.store, left));
    const killed = await moved.then(
      () => false,
      () => true,
    );
    if (syncsBetween) await ann.sync();
    await handOver(nobody.store, ann.store);
    await ann.sync();
    expect(onServer(ann).sort(), `killed at ${awaits}`).toEqual(['Mine', 'one', 'three', 'two']);
    expect(await ann.texts(first)).toEqual(['one', 'two']);
    expect(await ann.title(second)).toBe('Renamed');
    expect(await ann.store.read((stored) => stored.draft('new'))).toMatchObject({ text: 'half\n\na thought' });
    expect(await isEmpty(nobody.store)).toBe(true);
    const origins = ann.requests.flatMap(({ ops }) => ops.filter(({ id }) => id === first || id === second));
    expect(origins.every(({ origin }) => origin === 'import')).toBe(true);
    if (!killed) return awaits;
  }
}

test('killed at any moment, the move goes on and everything arrives once', async () => {
  expect(await killedAtEachAwait(true)).toBeGreaterThan(40);
  expect(await killedAtEachAwait(false)).toBeGreaterThan(40);
});

test('what was changed or purged in the account between two tries stays so', async () => {
  const { ann, nobody } = await nobodyAndAnn();
  const [kept, purged] = [ann.newId(), ann.newId()];
  await nobody.write('kept', kept);
  await nobody.write('purged', purged);
  const killedBeforeRemoving = async () => {
    const left = { changes: 1 };
    await expect(handOver(mortal(nobody.store, left), mortal(ann.store, left))).rejects.toThrow('killed');
  };
  await killedBeforeRemoving();
  await ann.do((stored, writing) => renameConversation(stored, kept, 'Mine now', writing));
  await handOver(nobody.store, ann.store);
  expect(await ann.title(kept)).toBe('Mine now');

  await nobody.write('again', purged);
  await killedBeforeRemoving();
  await ann.do((stored, writing) => purge(stored, 'conversation', purged, writing));
  await nobody.write('after the purge', purged);
  await handOver(nobody.store, ann.store);
  expect(await ann.conversation(purged)).toBeUndefined();
  expect(await ann.texts(purged)).toEqual(['after the purge']);
  expect(await ann.outbox()).toContainEqual(expect.objectContaining({ state: 'refused', refusal: 'gone' }));
});

test('a draft joins one that the account has, once', async () => {
  const { ann, nobody } = await nobodyAndAnn();
  await ann.do(async (stored) => stored.putDraft({ conversation: 'new', text: 'hers' }));
  for (let tries = 0; tries < 2; tries++) {
    await nobody.do(async (stored) => stored.putDraft({ conversation: 'new', text: 'nobody’s' }));
    await handOver(nobody.store, ann.store);
  }
  expect(await ann.store.read((stored) => stored.draft('new'))).toMatchObject({ text: 'hers\n\nnobody’s' });
});
