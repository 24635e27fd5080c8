import { logErrorsOnce } from '../log.ts';

/**
 * Does something now and again when this time has passed since it ended, so never twice at once. Errors are told once
 * of a kind. What comes back ends it and waits for what is under way.
 */
export function repeat(
  everyMs: number,
  failed: string,
  work: (ended: AbortSignal) => Promise<void>,
): () => Promise<void> {
  const log = logErrorsOnce(failed);
  const ended = new AbortController();
  const running = (async () => {
    while (!ended.signal.aborted) {
      await work(ended.signal).then(log.well, log.failed);
      await pause(everyMs, ended.signal);
    }
  })();
  return async () => {
    ended.abort();
    await running;
  };
}

function pause(ms: number, ended: AbortSignal): Promise<void> {
  if (ended.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(finish, ms);
    ended.addEventListener('abort', finish, { once: true });
    function finish() {
      clearTimeout(timer);
      ended.removeEventListener('abort', finish);
      resolve();
    }
  });
}
