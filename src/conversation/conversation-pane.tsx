import { useAttention } from '../attention/use-attention.ts';
import { beginConversation } from '../conversations/new-conversation.tsx';
import { readConversation } from '../read/read-conversation.ts';
import { useReading } from '../read/use-reading.ts';
import { pathOf } from '../route.ts';
import { restoreConversation } from '../trash/trash-conversation.ts';
import { words } from '../words/words.ts';
import { Beginning } from './beginning.tsx';
import { Composer } from './composer.tsx';
import { focusPane } from './composer-focus.ts';
import { ConversationBar } from './conversation-bar.tsx';
import { MessageLog } from './message-log.tsx';
import { PaneBar } from './pane-bar.tsx';

/**
 * One conversation, or with null the one that is still to come: its messages and the composer, which stays the same
 * when the first message makes one of the other, so that one can type on.
 */
export function ConversationPane({ id }: { id: string | null }) {
  const conversation = useReading(
    id ?? 'new',
    (open) => (id === null ? Promise.resolve(null) : readConversation(open, id)),
    (change) => id !== null && change.conversations.includes(id),
  );
  if (id !== null && conversation === null) return <NotHere />;
  return (
    <>
      {conversation ? (
        <ConversationBar key={id} conversation={conversation} />
      ) : (
        <PaneBar title={id === null ? words.newConversation : words.app} />
      )}
      {conversation?.trashed && (
        <div class="pane-note">
          <p>{words.conversationInTrash}</p>
          <button type="button" class="button button-small" onClick={() => void restore(conversation.id)}>
            {words.restore}
          </button>
        </div>
      )}
      {id === null ? <Beginning /> : <MessageLog key={id} conversation={id} />}
      <Composer key="composer" conversation={id} />
    </>
  );
}

/** What was pressed goes, and the focus must not go with it. */
async function restore(conversation: string): Promise<void> {
  if (await restoreConversation(conversation)) focusPane();
}

function NotHere() {
  const waiting = useAttention()?.length ?? 0;
  return (
    <>
      <PaneBar title={words.app} />
      <div class="empty">
        <div class="empty-inner">
          <h2>{words.notHere}</h2>
          <p class="quiet">{words.notHereWhy}</p>
          {waiting > 0 && (
            <p>
              <a href={pathOf({ page: 'attention' })}>{words.notHereAttention}</a>
            </p>
          )}
          <p class="narrow-only">
            <button type="button" class="button button-main" onClick={beginConversation}>
              {words.newConversation}
            </button>
          </p>
        </div>
      </div>
    </>
  );
}
