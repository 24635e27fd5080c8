import { beginConversation } from './conversations/new-conversation.tsx';
import { singleKeys } from './settings/single-keys.ts';

function typingIn(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select'))
  );
}

/** Single keys that work anywhere but in a text or over a dialog. */
export function followKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!singleKeys.value) return;
    if (typingIn(event.target) || document.querySelector('dialog[open]')) return;
    if (event.key === 'n') {
      event.preventDefault();
      beginConversation();
    }
  });
}
