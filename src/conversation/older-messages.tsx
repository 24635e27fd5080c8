import { useEffect, useRef, useState } from 'preact/hooks';
import { type AskError, ask } from '../commands.ts';
import { online } from '../connectivity.ts';
import { syncFacts } from '../sync/sync-facts.ts';
import { words } from '../words/words.ts';

interface OlderMessagesProps {
  conversation: string;
  /** Where one scrolls. */
  log: { current: HTMLElement | null };
  /** There are none here any more, only on the server. */
  away: boolean;
  /** Changes when there are more. */
  shown: number;
  show(): void;
}

/** What stands above the oldest message shown while there are older ones: they come as one scrolls up to it. */
export function OlderMessages({ conversation, log, away, shown, show }: OlderMessagesProps) {
  const [error, setError] = useState<AskError | null>(null);
  const asking = useRef(false);
  const button = useRef<HTMLButtonElement>(null);
  const more = async () => {
    show();
    if (!away || asking.current) return;
    asking.current = true;
    const answer = await ask({ do: 'read-older', conversation });
    asking.current = false;
    setError(answer.ok ? null : answer.error);
  };
  const latest = useRef(more);
  latest.current = more;
  const failed = error !== null;

  useEffect(() => {
    // After a failure they come when the network does, or when asked for.
    if (failed || !button.current) return;
    const watch = new IntersectionObserver(
      (seen) => {
        if (seen.some((entry) => entry.isIntersecting)) void latest.current();
      },
      { root: log.current, rootMargin: '600px 0px 0px' },
    );
    watch.observe(button.current);
    return () => watch.disconnect();
  }, [away, shown, failed]);
  // A sync that went well says that the server is there, which the browser cannot know.
  const synced = syncFacts.value?.state?.lastSynced;
  useEffect(() => {
    if (failed && online.value) void latest.current();
  }, [online.value, synced]);

  return (
    <div class="earlier">
      {failed && <p class="quiet">{error === 'offline' ? words.olderOffline : words.commandErrors[error]}</p>}
      <button type="button" class="button button-quiet button-small" ref={button} onClick={more}>
        {words.earlierMessages}
      </button>
    </div>
  );
}
