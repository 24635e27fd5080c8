import { type History, history } from './history.ts';

/** Histories that broke an invariant once; what they are called is what must hold. */
export const knownHistories: Record<string, { seed: number; history: History }> = {
  'what is given up on one copy of a profile does not stay on the other for ever': {
    seed: 7956,
    history: {
      setting: {
        browsers: [
          { wakes: true, skew: -547 },
          { wakes: false, skew: 508 },
          { wakes: true, skew: -434_422 },
        ],
        maxOps: 500,
        maxPull: 5_000,
        realtime: false,
      },
      steps: [
        { do: 'sign in', on: 1, user: 0, pause: { ms: 1_000 } },
        { do: 'outage', status: 426, pause: { ms: 1_000 } },
        { do: 'write new', on: 1, pause: { turns: 10 } },
        { do: 'copy profile', on: 2, from: 1, pause: { ms: 1_000 } },
        { do: 'discard', on: 2, pick: 0, pause: { ms: 1_000 } },
      ],
    },
  },
  'what a restore brings back comes to a device that first synced when it was purged': {
    seed: 41_134,
    history: history([
      { do: 'sign in', on: 0, user: 0 },
      { do: 'write new', on: 0 },
      { do: 'backup' },
      [{ do: 'purge', on: 0, pick: 0 }, 30_000],
      { do: 'copy profile', on: 0, from: 1 },
      { do: 'sign in', on: 1, user: 0 },
      { do: 'restore' },
    ]),
  },
};
