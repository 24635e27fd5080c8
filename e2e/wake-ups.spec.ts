import { expect, test } from './fixtures/atlas-test.ts';
import { dispatchWakeUp, type WakeUp } from './fixtures/service-worker.ts';
import { anySync } from './fixtures/sync-requests.ts';

/** As Firefox and Safari are. */
const withoutBackgroundSync = {
  before: 'delete ServiceWorkerRegistration.prototype.sync; delete self.SyncManager;',
};

test('without Background Sync what was written offline leaves at the next start of the app', async ({
  device,
  person,
  server,
  otherWorker,
}) => {
  otherWorker.serves(withoutBackgroundSync);
  const a = await device({ through: otherWorker.address });
  await a.signsIn(person);
  const worker = a.context.serviceWorkers()[0];
  expect(await worker?.evaluate(() => 'sync' in (self as unknown as { registration: object }).registration)).toBe(
    false,
  );
  await a.goesOffline();
  await a.writes('Written in a tunnel', 'and another');
  await a.losesItsWorker();
  await a.closesPage();
  await a.context.setOffline(false);
  expect(await server.messagesOf(person)).toEqual([]);
  await a.opens();
  await expect.poll(async () => (await server.messagesOf(person)).length).toBe(2);
  await a.opensConversation('Written in a tunnel');
  await a.seesAllSent();
});

test('without Background Sync what was written offline leaves when the network is back, the app in sight', async ({
  device,
  person,
  server,
  otherWorker,
}) => {
  otherWorker.serves(withoutBackgroundSync);
  const a = await device({ through: otherWorker.address });
  await a.signsIn(person);
  await a.goesOffline();
  await a.writes('Half-way up');
  await a.comesOnline();
  await a.seesAllSent();
  expect((await server.messagesOf(person)).length).toBe(1);
});

for (const wakeUp of ['periodic sync', 'push'] satisfies WakeUp[]) {
  test(`a worker that sleeps gets what is new when a ${wakeUp} wakes it`, async ({ device, person }) => {
    const a = await device();
    await a.signsIn(person);
    // What keeps the worker awake is the app itself: another page of the same address has none of it.
    await a.page.goto(`${a.network.address}/manifest.webmanifest`);
    await a.losesItsWorker();
    const b = await device();
    await b.signsIn(person);
    await b.writes('Written while it slept');
    await b.seesAllSent();

    const before = a.network.requests(anySync).length;
    await dispatchWakeUp(a.page, wakeUp);
    await expect
      .poll(() => a.network.requests(anySync).filter(({ answered }) => answered).length)
      .toBeGreaterThan(before);
    await a.network.down('refuse');
    a.console.expectNetworkTrouble();
    await a.opens();
    await a.opensConversation('Written while it slept');
    await a.sees('Written while it slept');
  });
}

test('the browser is asked for a sync now and then once it may', async ({ device }) => {
  const a = await device({ onDisk: true });
  const tags = () =>
    a.page.evaluate(async () => {
      const { periodicSync } = (await navigator.serviceWorker.ready) as ServiceWorkerRegistration & {
        periodicSync: { getTags(): Promise<string[]> };
      };
      return periodicSync.getTags();
    });
  expect(await tags()).toEqual([]);
  const session = await a.context.newCDPSession(a.page);
  const permission = { name: 'periodic-background-sync' };
  await session.send('Browser.setPermission', { permission, setting: 'granted', origin: a.network.address });
  await a.reloads();
  await expect.poll(tags).toEqual(['atlas']);
});
