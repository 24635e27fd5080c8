import fc from 'fast-check';

/** What may happen in the life of an account with several devices. Numbers pick among what there is at that moment. */
export type Step =
  | { do: 'write'; device: number; what: Writing; pick: number; text: string; skew: number; month: number }
  | { do: 'sync'; device: number; limit: number; most: number; fate: Fate }
  /** A request that was sent before arrives again, or for the first time. */
  | { do: 'deliver'; pick: number }
  /** A browser profile is copied to another machine. */
  | { do: 'copy'; device: number; to: number }
  | { do: 'save profile'; device: number }
  | { do: 'roll back profile'; device: number }
  /** The browser's data is cleared: it starts again with a first sync. */
  | { do: 'clear'; device: number }
  | { do: 'ahead'; device: number }
  | { do: 'too many'; device: number }
  | { do: 'tier'; cloud: boolean }
  /** What a job does at any time: nobody notices. */
  | { do: 'maintain' }
  | { do: 'backup' }
  | { do: 'restore' };

const writings = [
  'conversation',
  'message',
  'reply',
  'imported message',
  'title',
  'trash',
  'untrash',
  'text',
  'purge of a message',
  'purge of a conversation',
  'purge of what nobody heard of',
  'message to nowhere',
  'text that is too long',
  'op of no kind',
  'title that is none',
  'message without text',
  'conversation with the id of a message',
] as const;
export type Writing = (typeof writings)[number];

export type Fate = 'answered' | 'answer lost' | 'delayed';

export interface History {
  steps: Step[];
}

export const deviceCount = 5;
const device = fc.nat(deviceCount - 1);
/** Most of the time one of few, so that devices meet in the same entities. */
const pick = fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(50) });
const text = fc.oneof(
  fc.constantFrom('', 'Hello', ' \n two\twords ', '🦉 owl', `quote ' " \\ $1 %s`, 'é'.repeat(130)),
  fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', ' ', '\n', '🦉', '\u00a0', '"') }),
);
const what: fc.Arbitrary<Writing> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Writing>('conversation') },
  { weight: 6, arbitrary: fc.constant<Writing>('message') },
  { weight: 9, arbitrary: fc.constantFrom<Writing>(...writings) },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record<Extract<Step, { do: 'write' }>>({
      do: fc.constant('write'),
      device,
      what,
      pick,
      text,
      skew: fc.integer({ min: -90_000, max: 90_000 }),
      month: fc.integer({ min: -1, max: 40 }),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record<Extract<Step, { do: 'sync' }>>({
      do: fc.constant('sync'),
      device,
      limit: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(1_000)),
      most: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(100)),
      fate: fc.oneof(
        { weight: 4, arbitrary: fc.constant<Fate>('answered') },
        { weight: 2, arbitrary: fc.constantFrom<Fate>('answer lost', 'delayed') },
      ),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('deliver' as const), pick: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('copy' as const), device, to: device }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('save profile' as const), device }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('roll back profile' as const), device }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), device }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('ahead' as const, 'too many' as const), device }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('tier' as const), cloud: fc.integer({ min: 0, max: 3 }).map((n) => n > 0) }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'maintain' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'backup' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'restore' }) },
);

/** Any history of up to this many steps. */
export function histories(most: number): fc.Arbitrary<History> {
  return fc.record({
    steps: fc.array(step, { minLength: 10, maxLength: most, size: 'max' }),
  });
}
