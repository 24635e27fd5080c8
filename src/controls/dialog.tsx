import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { words } from '../words/words.ts';
import { Icon } from './icon.tsx';

interface DialogProps {
  title: string;
  /** An alertdialog has no close button of its own: it asks, and one of the answers is to go back. */
  kind?: 'dialog' | 'alertdialog';
  onClose: () => void;
  children: ComponentChildren;
}

/** A modal dialog; a sheet on a phone. It is open as long as it is shown. */
export function Dialog({ title, kind = 'dialog', onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      class="dialog floating"
      ref={element}
      role={kind === 'alertdialog' ? 'alertdialog' : undefined}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        {kind === 'dialog' && (
          <button
            type="button"
            class="button button-icon"
            aria-label={words.close}
            title={words.close}
            onClick={onClose}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      {children}
    </dialog>
  );
}
