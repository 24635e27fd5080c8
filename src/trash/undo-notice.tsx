import { useEffect, useRef } from 'preact/hooks';
import { focusPane } from '../conversation/composer-focus.ts';
import { navigate } from '../route.ts';
import { standing } from '../standing.ts';
import { words } from '../words/words.ts';
import { justTrashed, restoreConversation } from './trash-conversation.ts';

const shownMs = 12_000;

/** Says that a conversation went to the trash and offers to undo it, longer while it is looked at. */
export function UndoNotice() {
  const last = justTrashed.value;
  // Nothing of one account shows in another.
  const trashed = last !== null && last.database === standing.value?.database ? last : null;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wait = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      justTrashed.value = null;
    }, shownMs);
  };
  const hold = () => clearTimeout(timer.current);
  useEffect(() => {
    if (trashed) wait();
    return hold;
  }, [trashed]);
  const undo = async () => {
    if (!trashed || !(await restoreConversation(trashed.id))) return;
    navigate({ page: 'conversation', id: trashed.id });
    // The button that was pressed is gone.
    focusPane();
  };
  return (
    <div
      class="toast-place"
      role="status"
      onFocusIn={hold}
      onFocusOut={wait}
      onPointerEnter={hold}
      onPointerLeave={wait}
    >
      {trashed && (
        <div class="toast floating">
          <p dir="auto">{words.inTrash(trashed.title)}</p>
          <button type="button" class="button" onClick={() => void undo()}>
            {words.undo}
          </button>
        </div>
      )}
    </div>
  );
}
