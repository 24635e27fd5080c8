import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { chromium } from '@playwright/test';
import config from '../../playwright.config.ts';

/**
 * A browser with one page and no debugger at its service workers: under Playwright each of them waits at its start until the
 * debugger has had a look.
 */
export interface PlainBrowser {
  /** Runs a function in the page; it stands by itself. */
  evaluate<Argument, Result>(work: (argument: Argument) => Promise<Result>, argument: Argument): Promise<Result>;
  /** Opens an address in the page. */
  goto(url: string): Promise<void>;
  /** Ends every service worker; resolves when one has stopped. */
  stopWorkers(): Promise<void>;
  close(): Promise<void>;
}

interface Reply {
  id?: number;
  method?: string;
  result?: unknown;
  error?: { message: string };
  params?: { versions?: { runningStatus: string }[] };
}

/** Starts it with an empty profile. */
export async function openPlainBrowser(): Promise<PlainBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'atlas-plain-'));
  const { executablePath = chromium.executablePath(), args = [] } = config.use?.launchOptions ?? {};
  const words = [
    '--headless=new',
    '--remote-debugging-pipe',
    '--no-first-run',
    `--user-data-dir=${profile}`,
    ...args,
    'about:blank',
  ];
  const child = spawn(executablePath, words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const line = talk(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const { targetInfos } = (await line.ask('Target.getTargets')) as {
    targetInfos: { targetId: string; type: string }[];
  };
  const targetId = targetInfos.find(({ type }) => type === 'page')?.targetId;
  const attached = (await line.ask('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string };
  const ask = (method: string, params = {}) => line.ask(method, params, attached.sessionId);
  await ask('Page.enable');
  await ask('ServiceWorker.enable');

  return {
    async evaluate<Argument, Result>(work: (argument: Argument) => Promise<Result>, argument: Argument) {
      const expression = `(${work.toString()})(${JSON.stringify(argument) ?? ''})`;
      const said = await ask('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      const { result, exceptionDetails } = said as { result: { value: Result }; exceptionDetails?: unknown };
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return result.value;
    },
    async goto(url) {
      const loaded = line.heard(({ method }) => method === 'Page.loadEventFired');
      await ask('Page.navigate', { url });
      await loaded;
    },
    async stopWorkers() {
      const stopped = line.heard(
        ({ params }) => params?.versions?.some(({ runningStatus }) => runningStatus === 'stopped') ?? false,
      );
      await ask('ServiceWorker.stopAllWorkers');
      await stopped;
    },
    async close() {
      const ended = once(child, 'close');
      await line.ask('Browser.close');
      await ended;
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** The debugging protocol over a pair of pipes: messages end with a NUL. */
function talk(input: Writable, output: Readable) {
  const waiting = new Map<number, (reply: Reply) => void>();
  const listening = new Set<(reply: Reply) => void>();
  let last = 0;
  let rest = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const reply = JSON.parse(message) as Reply;
      if (reply.id !== undefined) waiting.get(reply.id)?.(reply);
      for (const listen of listening) listen(reply);
    }
  });
  return {
    async ask(method: string, params: object = {}, sessionId?: string): Promise<unknown> {
      const id = ++last;
      const answered = new Promise<Reply>((resolve) => waiting.set(id, resolve));
      input.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
      const { result, error } = await answered;
      waiting.delete(id);
      if (error !== undefined) throw new Error(`${method}: ${error.message}`);
      return result;
    },
    /** Resolves at the next event of this sort. */
    heard(wanted: (reply: Reply) => boolean): Promise<void> {
      return new Promise((resolve) => {
        const listen = (reply: Reply) => {
          if (!wanted(reply)) return;
          listening.delete(listen);
          resolve();
        };
        listening.add(listen);
      });
    },
  };
}
