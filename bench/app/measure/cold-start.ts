import { askWorker } from '../in-browser/ask-worker.ts';
import type { Bench } from '../open-bench.ts';
import { openPlainBrowser } from '../plain-browser.ts';

/** Milliseconds from a message to a worker that sleeps until its answer, in an account with a history; nobody debugs it. */
export async function measureColdStarts({ server, person, setting }: Bench): Promise<number[]> {
  const browser = await openPlainBrowser();
  try {
    await browser.goto(server.address);
    const { ok } = await browser.evaluate(askWorker, { do: 'sign-in', ...person });
    if (!ok) throw new Error('nobody could sign in');
    // Served when everything is here.
    await browser.evaluate(askWorker, { do: 'sync-now' });
    const took: number[] = [];
    while (took.length < setting.coldStarts) {
      await browser.stopWorkers();
      took.push((await browser.evaluate(askWorker, { do: 'hello', visible: true, online: true })).ms);
    }
    return took;
  } finally {
    await browser.close();
  }
}
