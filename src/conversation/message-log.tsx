import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { now } from '../now.ts';
import { readMessages } from '../read/read-messages.ts';
import { useReading } from '../read/use-reading.ts';
import { words } from '../words/words.ts';
import { dayBreaks } from './day-breaks.ts';
import { MessageArticle } from './message-article.tsx';
import { OlderMessages } from './older-messages.tsx';
import { lastWritten } from './send-message.ts';

const pageSize = 50;
/** So close to the end counts as being there. */
const nearEnd = 64;

/** The messages of a conversation, the newest in sight; older ones come as one scrolls up. */
export function MessageLog({ conversation }: { conversation: string }) {
  const [pages, setPages] = useState(1);
  const shown = useReading(
    conversation,
    (open) => readMessages(open, conversation, pages * pageSize),
    (change) => change.conversations.includes(conversation),
    pages,
  );
  const log = useRef<HTMLDivElement>(null);
  const messages = shown?.messages ?? [];
  useKeptPlace(log, messages[0]?.id, messages.at(-1)?.id, shown);

  const breaks = dayBreaks(messages, now.value);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <div class="log" role="log" aria-label={words.messages} tabIndex={0} ref={log} aria-busy={shown === undefined}>
      <div class="log-column">
        {(shown?.older || shown?.away) && (
          <OlderMessages
            conversation={conversation}
            log={log}
            away={shown.away}
            shown={messages.length}
            show={() => setPages(Math.ceil(messages.length / pageSize) + 1)}
          />
        )}
        {messages.flatMap((message, i) => [
          breaks[i] && (
            <p class="day" key={`day before ${message.id}`}>
              <span>{breaks[i]}</span>
            </p>
          ),
          <MessageArticle key={message.id} message={message} />,
        ])}
      </div>
    </div>
  );
}

/** Stays at the end when something comes there, and keeps what is read where it is when something comes above it. */
function useKeptPlace(
  log: { current: HTMLDivElement | null },
  first: string | undefined,
  last: string | undefined,
  shown: unknown,
): void {
  const place = useRef({ first, last, fromEnd: 0, atEnd: true });
  useLayoutEffect(() => {
    const element = log.current;
    if (!element) return;
    const before = place.current;
    const justWritten = before.last !== last && last === lastWritten.peek();
    if (before.atEnd || justWritten) element.scrollTop = element.scrollHeight;
    else if (before.first !== first && before.last === last) {
      element.scrollTop = element.scrollHeight - before.fromEnd;
    }
    place.current = { ...before, first, last, fromEnd: element.scrollHeight - element.scrollTop };
  }, [shown]);
  useEffect(() => {
    const element = log.current;
    if (!element) return;
    const remember = () => {
      const fromEnd = element.scrollHeight - element.scrollTop;
      place.current = { ...place.current, fromEnd, atEnd: fromEnd - element.clientHeight < nearEnd };
    };
    // The composer grows, the keyboard opens: the end stays in sight.
    const follow = new ResizeObserver(() => {
      if (place.current.atEnd) element.scrollTop = element.scrollHeight;
    });
    element.addEventListener('scroll', remember, { passive: true });
    follow.observe(element);
    return () => {
      element.removeEventListener('scroll', remember);
      follow.disconnect();
    };
  }, []);
}
