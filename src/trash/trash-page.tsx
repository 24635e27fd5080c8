import { useState } from 'preact/hooks';
import { Dialog } from '../controls/dialog.tsx';
import { Icon } from '../controls/icon.tsx';
import { PaneBar } from '../conversation/pane-bar.tsx';
import { paneHeading } from '../conversation/pane-heading.ts';
import { now } from '../now.ts';
import { readTrash, type TrashedConversation } from '../read/read-trash.ts';
import { useReading } from '../read/use-reading.ts';
import { syncs } from '../sync/syncs.ts';
import { ago, shortDate } from '../words/times.ts';
import { words } from '../words/words.ts';
import { purgeConversation, restoreConversation } from './trash-conversation.ts';

const most = 200;

/** What was pressed goes with its line, and the focus must not go with it. */
function focusHeading(): void {
  paneHeading.current?.focus();
}

/** Conversations that were deleted and can still come back. */
export function TrashPage() {
  const trashed = useReading(
    'trash',
    (open) => readTrash(open, most),
    () => true,
  );
  const [purging, setPurging] = useState<TrashedConversation | null>(null);
  return (
    <>
      <PaneBar title={words.trash} />
      <div class="page">
        <section class="page-column" aria-label={words.trash}>
          <p class="quiet">{syncs.value ? words.trashExplanation : words.trashExplanationLocal}</p>
          {trashed?.length === 0 ? (
            <p>{words.trashEmpty}</p>
          ) : (
            <ul class="lines">
              {trashed?.map((conversation) => (
                <TrashLine key={conversation.id} conversation={conversation} onPurge={() => setPurging(conversation)} />
              ))}
            </ul>
          )}
        </section>
      </div>
      {purging && <PurgeQuestion conversation={purging} onClose={() => setPurging(null)} />}
    </>
  );
}

function TrashLine({ conversation, onPurge }: { conversation: TrashedConversation; onPurge: () => void }) {
  const facts: string[] = [];
  if (conversation.at !== null) facts.push(words.deleted(ago(conversation.at, now.value)));
  if (conversation.goneAt !== null) facts.push(words.goneOn(shortDate(conversation.goneAt, now.value)));
  const restore = async () => {
    if (await restoreConversation(conversation.id)) focusHeading();
  };
  return (
    <li>
      <div>
        <p class="strong" dir="auto">
          {conversation.title || words.untitled}
        </p>
        <p class="help">{facts.join(' · ')}</p>
      </div>
      <div class="actions">
        <button type="button" class="button button-small" onClick={() => void restore()}>
          <Icon name="restore" />
          {words.restore}
        </button>
        <button type="button" class="button button-small button-quiet danger" onClick={onPurge}>
          {words.deleteForever}
        </button>
      </div>
    </li>
  );
}

function PurgeQuestion({ conversation, onClose }: { conversation: TrashedConversation; onClose: () => void }) {
  const purge = async () => {
    onClose();
    if (await purgeConversation(conversation.id)) focusHeading();
  };
  return (
    <Dialog kind="alertdialog" title={words.deleteForeverQuestion} onClose={onClose}>
      <p dir="auto">{words.deleteForeverWhy(conversation.title || words.untitled, syncs.value)}</p>
      <div class="actions stacked">
        <button type="button" class="button" onClick={onClose}>
          {words.cancel}
        </button>
        <button type="button" class="button button-danger" onClick={() => void purge()}>
          {words.deleteForever}
        </button>
      </div>
    </Dialog>
  );
}
