import { ask } from './commands.ts';
import { readingFailed } from './read/open-database.ts';

/** A worker that hears nothing for 30 s is stopped. */
const beatMs = 20_000;

/** Says hello while the page is visible, and at once when it is shown, hidden, online or offline. */
export function startHeartbeat(): void {
  let pending: AbortController | null = null;
  const hello = async () => {
    // What an earlier hello had to say is out of date.
    pending?.abort();
    const mine = new AbortController();
    pending = mine;
    const visible = document.visibilityState === 'visible';
    const answer = await ask({ do: 'hello', visible, online: navigator.onLine }, { abandon: mine.signal });
    if (!answer.ok && (answer.error === 'storage' || answer.error === 'storage-full')) readingFailed.value = true;
    if (pending === mine) pending = null;
  };
  document.addEventListener('visibilitychange', hello);
  addEventListener('online', hello);
  addEventListener('offline', hello);
  setInterval(() => {
    if (document.visibilityState === 'visible' && pending === null) void hello();
  }, beatMs);
  void hello();
}
