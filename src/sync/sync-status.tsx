import { computed } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { online } from '../connectivity.ts';
import { Leg } from '../controls/leg.tsx';
import { now } from '../now.ts';
import { standing } from '../standing.ts';
import { words } from '../words/words.ts';
import { announcement, silence } from './announcement.ts';
import { syncFacts, syncingForAWhile } from './sync-facts.ts';
import { syncWords } from './sync-words.ts';

const status = computed(() => {
  const facts = syncFacts.value;
  if (standing.value === null || facts === null) return null;
  return syncWords({
    signedIn: standing.value.user !== null,
    tier: facts.state?.policy?.tier ?? null,
    online: online.value,
    syncing: syncingForAWhile.value || (standing.value.syncing && facts.waiting > 0),
    waiting: facts.waiting,
    lastSynced: facts.state?.lastSynced ?? null,
    problem: facts.state?.problem ?? null,
    now: now.value,
  });
});

/** Where sync stands. Its words change often, so they are not read out; see SyncAnnouncer. */
export function SyncStatus() {
  const said = status.value;
  return (
    <p class="sync" role="status" aria-live="off" aria-label={words.syncStatus} data-tone={said?.tone}>
      {said && (
        <>
          <Leg name={said.leg} />
          <span>{said.text}</span>
        </>
      )}
    </p>
  );
}

/** Reads out what is worth an interruption. */
export function SyncAnnouncer() {
  const said = status.value;
  const account = standing.value?.database;
  const [announced, announce] = useState(silence);
  useEffect(
    () => announce((before) => announcement(before, account, said)),
    [account, said?.text, said?.tone, said?.leg],
  );
  return (
    <p class="visually-hidden" aria-live="polite">
      {announced.text}
    </p>
  );
}
