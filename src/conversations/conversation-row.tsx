import { now } from '../now.ts';
import type { ListedConversation } from '../read/read-conversation-list.ts';
import { pathOf } from '../route.ts';
import { listTime } from '../words/times.ts';
import { words } from '../words/words.ts';

interface ConversationRowProps {
  conversation: ListedConversation;
  current: boolean;
  /** Whether anything is ever sent: without an account nothing waits. */
  syncs: boolean;
}

/** A conversation in the list: its title is the link, the rest stands beside it. */
export function ConversationRow({ conversation, current, syncs }: ConversationRowProps) {
  return (
    <li class="row" data-current={current || undefined}>
      <a
        href={pathOf({ page: 'conversation', id: conversation.id })}
        aria-current={current ? 'page' : undefined}
        dir="auto"
      >
        {conversation.title || words.untitled}
      </a>
      <time dateTime={new Date(conversation.at).toISOString()}>{listTime(conversation.at, now.value)}</time>
      <p class="row-preview">
        {conversation.refused ? (
          <span class="row-state" data-tone="danger">
            {words.messageStates.failed}
          </span>
        ) : (
          syncs &&
          conversation.waiting > 0 && (
            <span class="row-state" data-tone="warn">
              {words.rowWaiting(conversation.waiting)}
            </span>
          )
        )}
        <span dir="auto">{conversation.preview}</span>
      </p>
    </li>
  );
}
