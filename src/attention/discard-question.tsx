import { Dialog } from '../controls/dialog.tsx';
import { words } from '../words/words.ts';

interface DiscardQuestionProps {
  title: string;
  onClose: () => void;
  onDiscard: () => void;
}

/** Asks before a conversation that is only here goes with all its messages. */
export function DiscardQuestion({ title, onClose, onDiscard }: DiscardQuestionProps) {
  return (
    <Dialog kind="alertdialog" title={words.discardQuestion} onClose={onClose}>
      <p dir="auto">{words.discardWhy(title || words.untitled)}</p>
      <div class="actions stacked">
        <button type="button" class="button" onClick={onClose}>
          {words.cancel}
        </button>
        <button
          type="button"
          class="button button-danger"
          onClick={() => {
            onClose();
            onDiscard();
          }}
        >
          {words.discard}
        </button>
      </div>
    </Dialog>
  );
}
