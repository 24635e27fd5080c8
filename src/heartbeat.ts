import { ask } from './commands.ts';
import { readingFailed } from './read/open-database.ts';

/** A worker that hears nothing for 30 s is stopped. */
const beatMs = 20_000;

interface Line extends EventTarget {
  saveData: boolean;
  effectiveType: string;
  rtt: number;
}

/** What the browser says of the line; few say anything. */
const line = (navigator as { connection?: Partial<Line> & EventTarget }).connection;

function whatLine() {
  if (line === undefined) return {};
  const { saveData = false, effectiveType = null, rtt = null } = line;
  return { connection: { saveData, effectiveType, rtt } };
}

/** Says hello while the page is visible, and at once when it is shown, hidden, frozen, online or offline. */
export function startHeartbeat(): void {
  let pending: AbortController | null = null;
  const hello = async (visible: boolean) => {
    // What an earlier hello had to say is out of date.
    pending?.abort();
    const mine = new AbortController();
    pending = mine;
    const answer = await ask(
      { do: 'hello', visible, online: navigator.onLine, ...whatLine() },
      { abandon: mine.signal },
    );
    if (!answer.ok && (answer.error === 'storage' || answer.error === 'storage-full')) readingFailed.value = true;
    if (pending === mine) pending = null;
  };
  const asSeen = () => hello(document.visibilityState === 'visible');
  const away = () => hello(false);
  document.addEventListener('visibilitychange', asSeen);
  // Some browsers tell no more than this of a page that is left, put to sleep or taken back from the cache.
  addEventListener('pagehide', away);
  document.addEventListener('freeze', away);
  document.addEventListener('resume', asSeen);
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) void asSeen();
  });
  addEventListener('online', asSeen);
  addEventListener('offline', asSeen);
  line?.addEventListener('change', asSeen);
  setInterval(() => {
    if (document.visibilityState === 'visible' && pending === null) void asSeen();
  }, beatMs);
  void asSeen();
}
