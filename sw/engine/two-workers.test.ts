import { expect, test } from 'vitest';
import type { Sent } from './ports.ts';
import { memoryStore } from './testing/memory-store.ts';
import { ModelServer } from './testing/model-server.ts';
import { VirtualWorker } from './testing/virtual-worker.ts';

/** One of these at a time, whoever asks, as a lock of the browser does it. */
function lock(): (work: () => Promise<void>) => Promise<void> {
  let turn: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };
}

test('while an old and a new version of the worker run, one of them syncs at a time', async () => {
  const server = new ModelServer();
  const store = memoryStore('a00000000000');
  const alone = lock();
  const old = new VirtualWorker(server, store, { alone });
  const fresh = new VirtualWorker(server, store, { alone });
  let end: (sent: Sent) => void = () => undefined;
  old.fate = () => new Promise((resolve) => (end = resolve));
  const first = old.sync.trigger('sync-now');
  await old.settle();
  expect(old.requests).toHaveLength(1);
  const second = fresh.sync.trigger('sync-now');
  await fresh.settle();
  expect(fresh.requests).toHaveLength(0);
  end({ is: 'no-answer', lost: false });
  await Promise.all([first, second]);
  expect(fresh.requests.length).toBeGreaterThan(0);
});
