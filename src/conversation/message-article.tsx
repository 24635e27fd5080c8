import { refusalWords } from '../attention/attention-words.ts';
import { discardAttention, putIntoNewConversation, retryRefused } from '../attention/decide.ts';
import { Icon } from '../controls/icon.tsx';
import { Leg, type LegName } from '../controls/leg.tsx';
import { Mark } from '../controls/mark.tsx';
import type { ShownMessage } from '../read/read-messages.ts';
import { syncs } from '../sync/syncs.ts';
import { words } from '../words/words.ts';
import { focusPane } from './composer-focus.ts';
import type { MessageState } from './message-state.ts';
import { paragraphs } from './paragraphs.ts';
import { Receipt } from './receipt.tsx';

const tones: Partial<Record<MessageState, 'warn' | 'danger'>> = { unconfirmed: 'warn', failed: 'danger' };

/** One message: what was said, and where it stands. */
export function MessageArticle({ message }: { message: ShownMessage }) {
  const text = paragraphs(message.text).map((paragraph, i) => (
    <p key={i} dir="auto">
      {paragraph}
    </p>
  ));
  if (message.from === 'atlas') {
    return (
      <article class="message atlas" aria-label={words.atlas}>
        <Mark place="hanging" />
        <div class="prose">{text}</div>
      </article>
    );
  }
  return (
    <article class="message you" aria-label={words.you} data-state={shownState(message.state)}>
      <div class="bubble">{text}</div>
      <MessageStateLine message={message} />
    </article>
  );
}

/** What was pressed goes, and the focus must not go with it. */
async function settle(deciding: Promise<boolean>): Promise<void> {
  if (await deciding) focusPane();
}

/** Where nothing is ever sent, what is saved has arrived. */
function shownState(state: MessageState): MessageState | 'local' {
  return state === 'saved' && !syncs.value ? 'local' : state;
}

function MessageStateLine({ message }: { message: ShownMessage }) {
  const state = shownState(message.state);
  const leg: LegName = state;
  return (
    <>
      <div class="state" data-tone={tones[message.state]}>
        <Leg name={leg} />
        <span class="state-label">{words.messageStates[message.state]}</span>
        <Receipt message={message} />
      </div>
      {message.state === 'unconfirmed' && <p class="why">{words.unconfirmedWhy}</p>}
      {message.state === 'failed' && (
        <>
          <p class="why">{refusalWords(message.refusal)}</p>
          <RefusedActions message={message} />
        </>
      )}
    </>
  );
}

function RefusedActions({ message: { id, text, refusal } }: { message: ShownMessage }) {
  return (
    <div class="actions">
      {refusal === 'gone' ? (
        <button
          type="button"
          class="button button-small"
          onClick={() => void settle(putIntoNewConversation({ id, is: 'message', text }))}
        >
          <Icon name="plus" />
          {words.putIntoNew}
        </button>
      ) : (
        <button type="button" class="button button-small" onClick={() => void settle(retryRefused(id))}>
          <Icon name="retry" />
          {words.retry}
        </button>
      )}
      <button
        type="button"
        class="button button-small button-quiet"
        onClick={() => void settle(discardAttention({ id, is: 'message' }))}
      >
        {words.discard}
      </button>
    </div>
  );
}
