import type { Pace } from './interleave.ts';

/** How much is filled and measured. */
export interface Setting {
  accounts: number;
  /** Those that have conversations of 100 messages. */
  writers: number;
  conversations: number;
  messages: number;
  months: number;
  pace: Pace;
  growth: {
    partitions: number[];
    /** How many accounts have a history of so many messages. */
    histories: { messages: number; accounts: number }[];
    accounts: number;
    messages: number;
    pace: Pace;
  };
}

/** The setting that the demanded figures are for. */
export const whole: Setting = {
  accounts: 100_000,
  writers: 400,
  conversations: 50,
  messages: 100,
  months: 36,
  pace: { clients: 8, rounds: 5, milliseconds: 1_400 },
  growth: {
    partitions: [1, 12, 36, 120],
    histories: [
      { messages: 100, accounts: 80 },
      { messages: 1_000, accounts: 80 },
      { messages: 10_000, accounts: 16 },
      { messages: 100_000, accounts: 4 },
    ],
    accounts: 80,
    messages: 1_000,
    pace: { clients: 8, rounds: 11, milliseconds: 450 },
  },
};

/** Small enough to try out whether everything runs: its times say nothing. */
export const quick: Setting = {
  accounts: 60,
  writers: 8,
  conversations: 4,
  messages: 20,
  months: 36,
  pace: { clients: 2, rounds: 1, milliseconds: 60 },
  growth: {
    partitions: [1, 12],
    histories: [
      { messages: 20, accounts: 4 },
      { messages: 200, accounts: 2 },
    ],
    accounts: 4,
    messages: 40,
    pace: { clients: 2, rounds: 1, milliseconds: 40 },
  },
};
