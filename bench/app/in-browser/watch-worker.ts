/** What the worker was seen doing, in milliseconds since 1970. */
export interface Watched {
  cycles: { began: number; ended: number | null }[];
  requests: { path: string; began: number; answered: number | null; read: number | null }[];
}

export interface WatchedWorker {
  watched: Watched;
}

/**
 * Runs in the worker: notes when cycles begin and end, by what the pages are told, and what goes over the network. It stands
 * by itself, since only its source reaches the browser.
 */
export function watchWorker(): void {
  const watched: Watched = { cycles: [], requests: [] };
  Object.assign(self, { watched });
  const now = () => performance.timeOrigin + performance.now();

  const post = BroadcastChannel.prototype.postMessage;
  BroadcastChannel.prototype.postMessage = function (said: { notice?: string; active?: boolean }) {
    const last = watched.cycles.at(-1);
    if (said.notice === 'syncing' && said.active) watched.cycles.push({ began: now(), ended: null });
    else if (said.notice === 'syncing' && last !== undefined) last.ended = now();
    post.call(this, said);
  };

  const plainFetch = self.fetch;
  self.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const seen: Watched['requests'][number] = {
      path: new URL(url, location.href).pathname,
      began: now(),
      answered: null,
      read: null,
    };
    watched.requests.push(seen);
    const response = await plainFetch(input, init);
    seen.answered = now();
    const text = response.text.bind(response);
    response.text = async () => {
      const body = await text();
      seen.read = now();
      return body;
    };
    return response;
  };
}

/** Runs in the worker: what was seen once this many cycles have ended. */
export async function whenCyclesEnded(count: number): Promise<Watched> {
  const { watched } = self as unknown as WatchedWorker;
  while (watched.cycles.filter(({ ended }) => ended !== null).length < count) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return watched;
}
