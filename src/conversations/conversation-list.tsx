import { useEffect, useRef, useState } from 'preact/hooks';
import { now } from '../now.ts';
import { readConversationList } from '../read/read-conversation-list.ts';
import { useReading } from '../read/use-reading.ts';
import { cameWithin, navigate, route } from '../route.ts';
import { standing } from '../standing.ts';
import { FirstSyncProgress } from '../sync/first-sync-progress.tsx';
import { syncs } from '../sync/syncs.ts';
import { words } from '../words/words.ts';
import { ConversationRow } from './conversation-row.tsx';
import { dayGroups } from './day-groups.ts';

const pageSize = 20;

/** The conversations on this device, newest first, twenty more at a time. */
export function ConversationList() {
  const [pages, setPages] = useState(1);
  const database = standing.value?.database;
  useEffect(() => setPages(1), [database]);
  const list = useReading(
    'list',
    (open) => readConversationList(open, pages * pageSize),
    () => true,
    pages,
  );
  const shown = route.value;
  useFirstRun(list?.conversations.length);

  return (
    <nav class="list" aria-label={words.conversations}>
      <FirstSyncProgress />
      {list?.conversations.length === 0 && <p class="list-empty quiet">{words.noConversations}</p>}
      {dayGroups(list?.conversations ?? [], now.value).map((group) => (
        <section key={group.day}>
          <h2 class="list-heading">{words[group.day]}</h2>
          <ul>
            {group.items.map((conversation) => (
              <ConversationRow
                key={conversation.id}
                conversation={conversation}
                current={shown.page === 'conversation' && shown.id === conversation.id}
                syncs={syncs.value}
              />
            ))}
          </ul>
        </section>
      ))}
      {list?.more && (
        <p class="list-more">
          <button type="button" class="button button-quiet" onClick={() => setPages(pages + 1)}>
            {words.showMore}
          </button>
        </p>
      )}
    </nav>
  );
}

/** With nothing to choose from, the app opens at the place to begin; who came to the list within it stays there. */
function useFirstRun(count: number | undefined): void {
  const decided = useRef(false);
  useEffect(() => {
    if (decided.current || count === undefined) return;
    decided.current = true;
    if (count === 0 && route.value.page === 'list' && !cameWithin()) navigate({ page: 'new' }, 'replace');
  }, [count]);
}
