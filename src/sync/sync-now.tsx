import { act } from '../act.ts';
import { Icon } from '../controls/icon.tsx';
import { standing } from '../standing.ts';
import { words } from '../words/words.ts';
import { syncFacts } from './sync-facts.ts';

/** Has what waits sent and what is new fetched, at once; only for those signed in. */
export function SyncNow() {
  if (!standing.value?.user) return null;
  if (syncFacts.value?.state?.policy?.tier === 'free') return null;
  return (
    <button
      type="button"
      class="button button-icon"
      aria-label={words.syncNow}
      title={words.syncNow}
      onClick={() => void act({ do: 'sync-now' })}
    >
      <Icon name="sync" />
    </button>
  );
}
