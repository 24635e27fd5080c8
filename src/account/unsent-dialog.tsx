import { useState } from 'preact/hooks';
import { useAttention } from '../attention/use-attention.ts';
import type { AskError } from '../commands.ts';
import { online } from '../connectivity.ts';
import { Dialog } from '../controls/dialog.tsx';
import { Trouble } from '../controls/trouble.tsx';
import { navigate } from '../route.ts';
import { syncFacts } from '../sync/sync-facts.ts';
import { syncs } from '../sync/syncs.ts';
import { words } from '../words/words.ts';
import { exportText } from './export-text.ts';
import { signOut, unsentQuestion } from './sign-out.ts';

/** Asks what is to become of unsent work before signing out. The safe choice comes first. */
export function UnsentDialog({ trouble }: { trouble: AskError | null }) {
  const [busy, setBusy] = useState(false);
  const attention = useAttention()?.length ?? 0;
  const count = syncFacts.value?.waitingMessages ?? 0;
  const waiting = syncFacts.value?.waiting ?? 0;
  // What was refused does not go by itself, and on some plans nothing does.
  const gone = syncFacts.value?.state?.problem?.code === 'account-gone';
  const canSend = syncs.value && !gone && (waiting > 0 || attention === 0);
  const cancel = () => {
    unsentQuestion.value = null;
  };
  const show = () => {
    cancel();
    navigate({ page: 'attention' });
  };
  const leave = async (unsent: 'send' | 'keep') => {
    if (busy) return;
    setBusy(true);
    await signOut(unsent);
    setBusy(false);
  };
  const choice = (unsent: 'send' | 'keep', main: boolean) => (
    <button
      key={unsent}
      type="button"
      class={main ? 'button button-main' : 'button'}
      aria-disabled={busy}
      onClick={() => void leave(unsent)}
    >
      {unsent === 'send' ? words.sendAndSignOut : gone ? words.signOut : words.keepOnDevice}
    </button>
  );
  return (
    <Dialog kind="alertdialog" title={words.unsentMessages} onClose={cancel}>
      {gone && <p>{words.unsentGone}</p>}
      {!gone && (waiting > 0 || attention === 0) && (
        <p>
          {count > 0 ? words.unsentCount(count) : words.unsentSome}{' '}
          {syncs.value ? !online.value && words.unsentOffline(count) : words.unsentNoSync}
        </p>
      )}
      {attention > 0 && <p>{words.unsentAttention(attention)}</p>}
      {!gone && <p class="quiet">{words.unsentKept(waiting + attention)}</p>}
      <Trouble>{trouble && words.commandErrors[trouble]}</Trouble>
      <div class="actions stacked">
        {canSend && online.value && choice('send', true)}
        {choice('keep', !gone && (!canSend || !online.value))}
        {canSend && !online.value && choice('send', false)}
        {gone && (
          <button type="button" class="button button-main" onClick={() => void exportText()}>
            {words.exportText}
          </button>
        )}
        {attention > 0 && (
          <button type="button" class="button" onClick={show}>
            {words.showAttention}
          </button>
        )}
        <button type="button" class="button button-quiet" onClick={cancel}>
          {words.cancel}
        </button>
      </div>
    </Dialog>
  );
}
