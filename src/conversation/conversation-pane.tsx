import { act } from '../act.ts';
import { readConversation } from '../read/read-conversation.ts';
import { useReading } from '../read/use-reading.ts';
import { words } from '../words/words.ts';
import { Beginning } from './beginning.tsx';
import { Composer } from './composer.tsx';
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
          <button
            type="button"
            class="button button-small"
            onClick={() => void act({ do: 'restore', conversation: conversation.id })}
          >
            {words.restore}
          </button>
        </div>
      )}
      {id === null ? <Beginning /> : <MessageLog key={id} conversation={id} />}
      <Composer key="composer" conversation={id} />
    </>
  );
}

function NotHere() {
  return (
    <>
      <PaneBar title={words.app} />
      <div class="empty">
        <div class="empty-inner">
          <h2>{words.notHere}</h2>
          <p class="quiet">{words.notHereWhy}</p>
        </div>
      </div>
    </>
  );
}
