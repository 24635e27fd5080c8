import { computed } from '@preact/signals';
import { standing } from '../standing.ts';
import { syncFacts } from './sync-facts.ts';

/** Whether what is written here goes anywhere: not without an account, nor on a plan without sync. */
export const syncs = computed(() => {
  const state = syncFacts.value?.state;
  return standing.value?.user != null && state?.policy?.tier !== 'free' && state?.problem?.code !== 'tier';
});
