import { Icon } from '../controls/icon.tsx';
import { focusComposer } from '../conversation/composer-focus.ts';
import { navigate } from '../route.ts';
import { singleKeys } from '../settings/single-keys.ts';
import { words } from '../words/words.ts';

/** Shows an empty conversation with the composer ready to type. */
export function beginConversation(): void {
  navigate({ page: 'new' });
  focusComposer();
}

/** The button, and the key n anywhere but in a text. */
export function NewConversation() {
  return (
    <button
      type="button"
      class="button new-conversation"
      aria-label={words.newConversation}
      aria-keyshortcuts={singleKeys.value ? 'n' : undefined}
      onClick={beginConversation}
    >
      <Icon name="plus" />
      {words.newConversation}
      {singleKeys.value && <kbd>N</kbd>}
    </button>
  );
}
