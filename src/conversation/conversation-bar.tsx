import { useEffect, useRef, useState } from 'preact/hooks';
import { limits } from '../../contract/limits.ts';
import { shortened } from '../../contract/text.ts';
import { act } from '../act.ts';
import { isComposing } from '../controls/composing.ts';
import { MenuButton } from '../controls/menu.tsx';
import type { ShownConversation } from '../read/read-conversation.ts';
import { navigate } from '../route.ts';
import { trashConversation } from '../trash/trash-conversation.ts';
import { words } from '../words/words.ts';
import { focusComposer, hasKeyboard } from './composer-focus.ts';
import { PaneBar } from './pane-bar.tsx';

/** The bar of a conversation: its title, changed in place, and its menu. */
export function ConversationBar({ conversation }: { conversation: ShownConversation }) {
  const [renaming, setRenaming] = useState(false);
  const title = conversation.title || words.untitled;
  return (
    <PaneBar
      title={title}
      editing={renaming && <TitleBox conversation={conversation} onDone={() => setRenaming(false)} />}
    >
      <MenuButton
        name={words.conversationActions}
        icon="more"
        items={[
          { icon: 'rename', words: words.rename, act: () => setRenaming(true) },
          {
            icon: 'trash',
            words: words.delete,
            act: () => {
              void trashConversation(conversation.id, title);
              navigate({ page: 'list' });
              if (hasKeyboard()) focusComposer();
            },
          },
        ]}
      />
    </PaneBar>
  );
}

/** Enter and leaving keep the new title, Escape the old one. */
function TitleBox({ conversation, onDone }: { conversation: ShownConversation; onDone: () => void }) {
  const [title, setTitle] = useState(conversation.title);
  const done = useRef(false);
  const box = useRef<HTMLInputElement>(null);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    opener.current = document.activeElement;
    box.current?.focus();
    box.current?.select();
  }, []);
  const finish = (keep: boolean) => {
    if (done.current) return;
    done.current = true;
    const next = title.trim();
    if (keep && next !== '' && next !== conversation.title) {
      void act({ do: 'rename', conversation: conversation.id, title: next });
    }
    onDone();
  };
  return (
    <input
      class="input title-box"
      aria-label={words.title}
      dir="auto"
      value={title}
      maxLength={limits.titleCharacters}
      ref={box}
      onInput={(event) => setTitle(shortened(event.currentTarget.value, limits.titleCharacters))}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (isComposing(event) || (event.key !== 'Enter' && event.key !== 'Escape')) return;
        event.preventDefault();
        finish(event.key === 'Enter');
        // Leaving by the pointer goes where one pressed; a key goes back to where renaming was chosen.
        if (opener.current instanceof HTMLElement) opener.current.focus();
      }}
    />
  );
}
