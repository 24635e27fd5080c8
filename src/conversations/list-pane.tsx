import { openSignIn } from '../account/account-dialogs.tsx';
import { AccountMenu } from '../account/account-menu.tsx';
import { AttentionLink } from '../attention/attention-link.tsx';
import { useAttention } from '../attention/use-attention.ts';
import { Icon } from '../controls/icon.tsx';
import { route } from '../route.ts';
import { standing } from '../standing.ts';
import { ProblemOffer } from '../sync/problem-offer.tsx';
import { SyncNow } from '../sync/sync-now.tsx';
import { SyncStatus } from '../sync/sync-status.tsx';
import { words } from '../words/words.ts';
import { ConversationList } from './conversation-list.tsx';
import { NewConversation } from './new-conversation.tsx';

/** The left side on a wide screen, the first screen on a phone. */
export function ListPane() {
  return (
    <div class="sidebar">
      <header class="bar">
        <div class="bar-text">
          <h1 class="wordmark">{words.app}</h1>
          <SyncStatus />
        </div>
        <SyncNow />
        <AccountMenu />
      </header>
      <div class="new-place">
        <NewConversation />
      </div>
      <ConversationList />
      <ProblemOffer />
      <ListNote />
      <footer class="sidebar-foot">
        <FootLink page="settings" />
        <FootLink page="trash" />
      </footer>
    </div>
  );
}

function FootLink({ page }: { page: 'settings' | 'trash' }) {
  return (
    <a class="foot-link" href={`/${page}`} aria-current={route.value.page === page ? 'page' : undefined}>
      <Icon name={page} />
      <span>{words[page]}</span>
    </a>
  );
}

/** One thing at a time under the list: what needs attention before what is offered. */
function ListNote() {
  const waiting = useAttention()?.length ?? 0;
  return waiting > 0 ? <AttentionLink count={waiting} /> : <Offer />;
}

/** The one quiet word about syncing for those without an account. */
function Offer() {
  if (standing.value === null || standing.value.user !== null) return null;
  return (
    <div class="offer">
      <p>{words.offer}</p>
      <button type="button" class="button button-small" onClick={openSignIn}>
        {words.signIn}
      </button>
    </div>
  );
}
