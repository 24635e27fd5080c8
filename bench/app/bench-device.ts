import type { Worker } from '@playwright/test';
import { ConsoleWatch } from '../../e2e/fixtures/console-watch.ts';
import { Device } from '../../e2e/fixtures/device.ts';
import { cutRequest, delayRequest } from '../../e2e/network/faults.ts';
import { openNetwork } from '../../e2e/network/network.ts';
import { type RawAsk, type RawTaken, rawPull } from './in-browser/raw-pull.ts';
import { type Watched, watchWorker, whenCyclesEnded } from './in-browser/watch-worker.ts';
import type { Bench } from './open-bench.ts';

/** A device on which the app was opened for the first time, with its worker watched; the raw side runs in the same worker. */
export interface BenchDevice {
  device: Device;
  worker: Worker;
  /** What the worker was seen doing, once so many cycles have ended. */
  whenCyclesEnded(count: number): Promise<Watched>;
  raw(ask: Pick<RawAsk, 'database' | 'path' | 'body'>): Promise<RawTaken>;
  close(): Promise<void>;
}

/** `delayMs` is added to every request, of either side. */
export async function openBenchDevice({ server, browser, headers }: Bench, delayMs = 0): Promise<BenchDevice> {
  const network = await openNetwork(server.address);
  const device = new Device(network, { start: () => browser.newContext() }, new ConsoleWatch());
  // Nobody pokes: what one sync costs is measured when it is asked for.
  network.when('/realtime/', cutRequest(0, 'stall'), { times: Number.POSITIVE_INFINITY });
  device.console.expect(/WebSocket/);
  await device.opens();
  const worker = device.context.serviceWorkers()[0] ?? (await device.context.waitForEvent('serviceworker'));
  await worker.evaluate(watchWorker);
  if (delayMs > 0) network.when('/', delayRequest(delayMs), { times: Number.POSITIVE_INFINITY });
  return {
    device,
    worker,
    whenCyclesEnded: (count) => worker.evaluate(whenCyclesEnded, count),
    raw: (ask) => worker.evaluate(rawPull, { ...ask, headers }),
    async close() {
      await device.quits();
      await network.close();
      if (device.console.surprises.length > 0)
        throw new Error(`the app complained: ${device.console.surprises.join('; ')}`);
    },
  };
}
