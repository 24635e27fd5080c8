/** How much is filled, written and repeated. */
export interface Setting {
  conversations: number;
  /** Of each conversation. */
  messages: number;
  rounds: number;
  /** Idle syncs of each side in a round. */
  idles: number;
  /** How many new messages a pull brings, and how often that is tried in a round. */
  pulls: { sizes: number[]; times: number };
  /** Readings of each side in a round. */
  readings: number;
  /** Messages written offline. */
  offline: number;
  triggers: number;
  coldStarts: number;
  /** Added to every request in the slow rounds. */
  delayMs: number;
}

/** The setting that the demanded figures are for. */
export const whole: Setting = {
  conversations: 50,
  messages: 100,
  rounds: 5,
  idles: 8,
  pulls: { sizes: [1, 10, 100], times: 4 },
  readings: 20,
  offline: 1_000,
  triggers: 1_000,
  coldStarts: 7,
  delayMs: 50,
};

/** Small enough to try out whether everything runs: its times say nothing. */
export const quick: Setting = {
  conversations: 24,
  messages: 10,
  rounds: 1,
  idles: 2,
  pulls: { sizes: [1, 10, 100], times: 1 },
  readings: 2,
  offline: 30,
  triggers: 100,
  coldStarts: 1,
  delayMs: 50,
};
