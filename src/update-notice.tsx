import { signal } from '@preact/signals';
import { focusPane } from './conversation/composer-focus.ts';
import { keepAllDrafts } from './conversation/drafts.ts';
import { words } from './words/words.ts';
import { applyUpdate, updates } from './worker-registration.ts';

const putOff = signal(0);

async function reload(): Promise<void> {
  await keepAllDrafts();
  await applyUpdate();
}

/** Offers the newer version and waits; nothing reloads by itself. */
export function UpdateNotice() {
  const shown = updates.value > putOff.value;
  return (
    <div class="banner-place" role="status" aria-label={shown ? words.updateAvailable : undefined}>
      {shown && (
        <div class="banner floating">
          <p>
            <strong>{words.updateAvailable}</strong> <span class="more">{words.updateNote}</span>
          </p>
          <div class="actions">
            <button
              type="button"
              class="button button-small button-quiet"
              onClick={() => {
                putOff.value = updates.value;
                focusPane();
              }}
            >
              {words.later}
            </button>
            <button type="button" class="button button-small" onClick={() => void reload()}>
              {words.reload}
            </button>
          </div>
        </div>
      )}
    </div>
  );
}
