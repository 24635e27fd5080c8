import { useEffect, useRef } from 'preact/hooks';
import { limits } from '../../contract/limits.ts';
import { workerSilent } from '../commands.ts';
import { online } from '../connectivity.ts';
import { isComposing } from '../controls/composing.ts';
import { Icon } from '../controls/icon.tsx';
import { standing } from '../standing.ts';
import { syncs } from '../sync/syncs.ts';
import { wholeNumber } from '../words/amounts.ts';
import { words } from '../words/words.ts';
import { composerWanted, hasKeyboard, hasOnlyTouch } from './composer-focus.ts';
import { type Draft, draftOf, typeText } from './drafts.ts';
import { notStored, sendMessage, storing } from './send-message.ts';

/** Where one writes. `conversation` is null for the one that is still to come. */
export function Composer({ conversation }: { conversation: string | null }) {
  // Another account has other drafts.
  const account = standing.value?.database;
  const draft = draftOf(conversation ?? 'new');
  const box = useRef<HTMLTextAreaElement>(null);
  const text = draft.text.value;
  const over = text.trim().length - limits.textCharacters;
  const sendable = text.trim() !== '' && over <= 0;
  // A touch keyboard has no Shift+Enter: its Enter makes a new line, and the button sends.
  const enterSends = !hasOnlyTouch();

  useComposerFocus(box, conversation === null);
  useEffect(() => {
    notStored.value = null;
  }, [conversation, account]);

  const send = () => {
    box.current?.focus();
    void sendMessage(draft, conversation);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="composer-column">
        <div class="composer-box">
          <textarea
            ref={box}
            aria-label={words.message}
            placeholder={words.message}
            rows={1}
            dir="auto"
            enterkeyhint={enterSends ? 'send' : 'enter'}
            value={text}
            onInput={(event) => typeText(draft, event.currentTarget.value)}
            onKeyDown={(event) => {
              if (!enterSends || event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
              event.preventDefault();
              send();
            }}
          />
          <button
            type="submit"
            class="button button-main button-icon"
            aria-label={words.send}
            title={words.send}
            aria-disabled={!sendable}
          >
            <Icon name="send" />
          </button>
        </div>
        <div class="composer-note">
          <ComposerNote draft={draft} over={over} />
          <span class="composer-keys">
            <kbd>{words.keys.enter}</kbd> {words.keys.sends} · <kbd>{words.keys.shift}</kbd>{' '}
            <kbd>{words.keys.enter}</kbd> {words.keys.newLine}
          </span>
        </div>
      </div>
    </form>
  );
}

function ComposerNote({ draft, over }: { draft: Draft; over: number }) {
  const trouble = notStored.value;
  if (trouble !== null) {
    return (
      <span class="danger" role="alert">
        {words.commandErrors[trouble]}
      </span>
    );
  }
  if (over > 0) return <span class="danger">{words.tooLongNote(wholeNumber(over))}</span>;
  if (workerSilent.value && storing.value) return <span class="warn">{words.storingSlowly}</span>;
  const text = draft.text.value;
  if (syncs.value && !online.value) return <span>{words.offlineNote}</span>;
  return <span>{text !== '' && draft.kept.value === text ? words.draftKept : ''}</span>;
}

function useComposerFocus(box: { current: HTMLTextAreaElement | null }, isNew: boolean): void {
  const wanted = composerWanted.value;
  useEffect(() => {
    if (isNew && hasKeyboard() && document.activeElement === document.body) box.current?.focus();
  }, [isNew]);
  useEffect(() => {
    if (!wanted) return;
    composerWanted.value = false;
    box.current?.focus();
  }, [wanted]);
}
