import type { History, Step } from './model-steps.ts';

const write = (
  device: number,
  what: Extract<Step, { do: 'write' }>['what'],
  pick = 0,
  text = 'Hello',
  skew = 0,
): Step => ({
  do: 'write',
  ...{ device, what, pick, text, skew },
  month: 3,
});
const sync = (device: number, limit = 1_000, fate: Extract<Step, { do: 'sync' }>['fate'] = 'answered'): Step => ({
  do: 'sync',
  ...{ device, limit, fate },
  most: 100,
});
const backup: Step = { do: 'backup' };
const restore: Step = { do: 'restore' };
/** A first request carries nothing and is answered at once. */
const everybody = [0, 1, 2].map((device) => sync(device));

/** Histories that went wrong once, here or in a draft, or that chance does not often make; each by what it promises. */
export const knownHistories: Record<string, History> = {
  'a first sync that a restore interrupts misses nothing': {
    steps: [
      ...everybody,
      ...[write(0, 'conversation'), write(0, 'message'), write(0, 'message'), sync(0)],
      backup,
      ...[write(0, 'message'), write(0, 'message'), write(0, 'message'), sync(0)],
      { do: 'clear', device: 1 },
      ...[sync(1, 2), sync(1, 2)],
      restore,
      ...[sync(1, 1), sync(1, 1), sync(1)],
    ],
  },
  'what was written after a backup comes back from the devices that have it': {
    steps: [
      ...everybody,
      ...[write(0, 'conversation', 1, 'Old'), sync(0), sync(1)],
      backup,
      ...[write(1, 'title', 0, 'New'), write(1, 'message'), sync(1), write(0, 'purge of a message'), sync(0)],
      restore,
      ...[sync(2), sync(1), sync(1), sync(2)],
    ],
  },
  'what was purged after a backup stays purged': {
    steps: [
      ...everybody,
      ...[write(0, 'conversation'), write(0, 'message'), sync(0), sync(1)],
      backup,
      ...[write(1, 'purge of a conversation'), sync(1)],
      restore,
      ...[sync(0), sync(1), sync(1), sync(0), sync(2)],
    ],
  },
  'a copied profile that writes under the same clock does not split the devices': {
    steps: [
      ...everybody,
      ...[write(0, 'conversation', 1, 'Ours', 60_000), sync(0)],
      { do: 'copy', device: 0, to: 1 },
      ...[write(0, 'title', 0, 'One', 0), write(1, 'title', 0, 'Other', -1_000)],
      ...[sync(1), sync(0), sync(1)],
    ],
  },
  'a profile rolled back to before its last sync sends again and nothing doubles': {
    steps: [
      ...everybody,
      ...[write(0, 'conversation'), write(0, 'message')],
      { do: 'save profile', device: 0 },
      ...[sync(0), write(1, 'conversation'), sync(1), write(0, 'message'), sync(0)],
      { do: 'roll back profile', device: 0 },
      ...[sync(0, 1), sync(0, 1), sync(0, 1)],
    ],
  },
  'a request that arrives after a later one changes nothing that is newer': {
    steps: [
      ...everybody,
      ...[write(0, 'conversation', 1, 'First'), sync(0, 1_000, 'delayed'), write(0, 'title', 0, 'Second'), sync(0)],
      ...[{ do: 'deliver', pick: 1 } as const, sync(1), { do: 'deliver', pick: 2 } as const, sync(2)],
    ],
  },
  'a conversation trashed twice counts its days from the first time': {
    steps: [
      ...everybody,
      ...[write(0, 'conversation', 1), sync(0), sync(1)],
      ...[write(0, 'trash'), sync(0), write(1, 'trash', 0, '', 5_000), sync(1), sync(0)],
    ],
  },
  'a newer message brings a conversation back, an answer or an older one does not': {
    steps: [
      ...everybody,
      ...[write(0, 'conversation', 1), sync(0), sync(1), write(0, 'trash', 0, '', 10_000), sync(0)],
      ...[write(1, 'reply', 0, 'Answer', 60_000), write(1, 'message', 0, 'Older', -60_000), sync(1), sync(0)],
      ...[write(1, 'message', 0, 'Newer', 80_000), sync(1), sync(0)],
    ],
  },
  'what is imported, sent again or brought back is no usage': {
    steps: [
      ...everybody,
      ...[write(0, 'conversation', 1), write(0, 'imported message', 0), write(0, 'imported message', 1), sync(0)],
      ...[
        write(0, 'message'),
        write(0, 'reply'),
        sync(0, 1_000, 'answer lost'),
        sync(0),
        { do: 'deliver', pick: 1 } as const,
      ],
      backup,
      ...[write(0, 'message'), sync(0), restore, sync(0), sync(0)],
    ],
  },
  'a device brings back after two restores what it knew in the first life': {
    steps: [
      ...everybody,
      ...[write(0, 'conversation', 1, 'Old'), write(0, 'message'), sync(0), sync(1)],
      backup,
      ...[write(0, 'message'), write(1, 'message'), sync(0), sync(1)],
      restore,
      ...[sync(1), sync(1), write(1, 'message'), sync(1)],
      backup,
      ...[write(1, 'title', 0, 'Late'), sync(1)],
      restore,
      ...[sync(2), sync(1), sync(1), sync(0), sync(0), sync(2)],
    ],
  },
  'a device of a life that a second restore of the same backup forgot offers everything': {
    steps: [
      ...everybody,
      ...[write(0, 'conversation', 1, 'Old'), write(0, 'message'), sync(0), sync(1)],
      backup,
      restore,
      ...[sync(0), write(0, 'message'), sync(0), write(1, 'message'), sync(1), sync(1)],
      restore,
      ...[sync(2), sync(0), sync(0), sync(1), sync(1), sync(2)],
    ],
  },
};
