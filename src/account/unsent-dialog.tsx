import { useState } from 'preact/hooks';
import type { AskError } from '../commands.ts';
import { online } from '../connectivity.ts';
import { Dialog } from '../controls/dialog.tsx';
import { Trouble } from '../controls/trouble.tsx';
import { syncFacts } from '../sync/sync-facts.ts';
import { words } from '../words/words.ts';
import { signOut, unsentQuestion } from './sign-out.ts';

/** Asks what is to become of unsent work before signing out. The safe choice comes first. */
export function UnsentDialog({ trouble }: { trouble: AskError | null }) {
  const [busy, setBusy] = useState(false);
  const count = syncFacts.value?.waitingMessages ?? 0;
  const cancel = () => {
    unsentQuestion.value = null;
  };
  const leave = async (unsent: 'send' | 'keep') => {
    if (busy) return;
    setBusy(true);
    await signOut(unsent);
    setBusy(false);
  };
  const send = (
    <button
      key="send"
      type="button"
      class={online.value ? 'button button-main' : 'button'}
      aria-disabled={busy}
      onClick={() => void leave('send')}
    >
      {words.sendAndSignOut}
    </button>
  );
  const keep = (
    <button
      key="keep"
      type="button"
      class={online.value ? 'button' : 'button button-main'}
      aria-disabled={busy}
      onClick={() => void leave('keep')}
    >
      {words.keepOnDevice}
    </button>
  );
  return (
    <Dialog kind="alertdialog" title={words.unsentMessages} onClose={cancel}>
      <p>
        {count > 0 ? words.unsentCount(count) : words.unsentSome} {!online.value && words.unsentOffline}
      </p>
      <p class="quiet">{words.unsentKept}</p>
      <Trouble>{trouble && words.commandErrors[trouble]}</Trouble>
      <div class="actions stacked">
        {online.value ? [send, keep] : [keep, send]}
        <button type="button" class="button button-quiet" onClick={cancel}>
          {words.cancel}
        </button>
      </div>
    </Dialog>
  );
}
