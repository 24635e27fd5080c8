import { ScaleBar } from '../controls/scale-bar.tsx';
import { standing } from '../standing.ts';
import { words } from '../words/words.ts';
import { firstSyncPercent } from './first-sync.ts';
import { syncFacts } from './sync-facts.ts';

/** How far the first sync is, above the list it fills. */
export function FirstSyncProgress() {
  const percent = firstSyncPercent(syncFacts.value?.state?.cursor ?? null);
  if (percent === null || !standing.value?.user) return null;
  const said = words.firstSyncDone(Math.floor(percent));
  return (
    <div class="first-sync">
      <p class="small strong">{words.firstSync}</p>
      <ScaleBar role="progressbar" name={words.firstSync} percent={percent} said={said} start={said} end="" />
      <p class="small quiet">{words.firstSyncNote}</p>
    </div>
  );
}
