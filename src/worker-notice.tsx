import { trouble } from './act.ts';
import { workerSilent } from './commands.ts';
import { focusPane } from './conversation/composer-focus.ts';
import { otherVersion, readingFailed } from './read/open-database.ts';
import { words } from './words/words.ts';
import { workerState } from './worker-registration.ts';

/** Says in plain words that nothing can be stored or read here, where that is so. */
export function WorkerNotice() {
  const state = workerState.value;
  if (state === 'impossible') return <Notice title={words.noWorkerTitle} why={words.noWorkerWhy} />;
  if (state === 'failed') return <Notice title={words.startFailedTitle} why={words.startFailedWhy} reload />;
  if (otherVersion.value) return <Notice why={words.otherVersion} reload />;
  if (readingFailed.value) return <Notice why={words.readingFailed} reload />;
  if (workerSilent.value) return <Notice why={words.workerSilent} />;
  if (trouble.value) return <Notice why={words.commandErrors[trouble.value]} onClose={forgetTrouble} />;
  return null;
}

interface NoticeProps {
  title?: string;
  why: string;
  reload?: boolean;
  onClose?: () => void;
}

function forgetTrouble(): void {
  trouble.value = null;
  focusPane();
}

function Notice({ title, why, reload, onClose }: NoticeProps) {
  return (
    <div class="worker-notice" role="alert">
      <p>
        {title && <strong>{title}. </strong>}
        {why}
      </p>
      {reload && (
        <button type="button" class="button button-small" onClick={() => location.reload()}>
          {words.reload}
        </button>
      )}
      {onClose && (
        <button type="button" class="button button-small" onClick={onClose}>
          {words.close}
        </button>
      )}
    </div>
  );
}
