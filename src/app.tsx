import { useEffect, useRef } from 'preact/hooks';
import { AccountDialogs } from './account/account-dialogs.tsx';
import { AttentionPage } from './attention/attention-page.tsx';
import { ConversationPane } from './conversation/conversation-pane.tsx';
import { paneHeading } from './conversation/pane-heading.ts';
import { ListPane } from './conversations/list-pane.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { pathOf, type Route, route } from './route.ts';
import { SettingsPage } from './settings/settings-page.tsx';
import { SyncAnnouncer } from './sync/sync-status.tsx';
import { TrashPage } from './trash/trash-page.tsx';
import { UndoNotice } from './trash/undo-notice.tsx';
import { UpdateNotice } from './update-notice.tsx';
import { WorkerNotice } from './worker-notice.tsx';

/** The whole page: the list, and beside it, or over it on a phone, what is read. */
export function App() {
  const shown = route.value;
  useFocusOnNewScreen(shown);
  return (
    <ErrorBoundary>
      <main class="app" data-view={shown.page === 'list' ? 'list' : 'pane'}>
        <WorkerNotice />
        <ListPane />
        <div class="pane">
          <Pane shown={shown} />
          <UpdateNotice />
        </div>
        <UndoNotice />
        <SyncAnnouncer />
      </main>
      <AccountDialogs />
    </ErrorBoundary>
  );
}

function Pane({ shown }: { shown: Route }) {
  switch (shown.page) {
    case 'conversation':
      return <ConversationPane key="pane" id={shown.id} />;
    case 'settings':
      return <SettingsPage />;
    case 'trash':
      return <TrashPage />;
    case 'attention':
      return <AttentionPage />;
    default:
      return <ConversationPane key="pane" id={null} />;
  }
}

/** On a phone a link is gone once it was followed: the focus goes to the heading of the new screen. */
function useFocusOnNewScreen(shown: Route): void {
  const path = pathOf(shown);
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    const focused = document.activeElement;
    const lost =
      !focused || focused === document.body || (focused instanceof HTMLElement && !focused.checkVisibility());
    if (!lost) return;
    if (shown.page === 'list') document.querySelector<HTMLElement>('.list a')?.focus();
    else paneHeading.current?.focus();
  }, [path]);
}
