/** Who takes part in a measurement: does its work once, as one of several clients. */
export interface Contender {
  name: string;
  act(client: number): Promise<void>;
}

export interface Pace {
  clients: number;
  rounds: number;
  milliseconds: number;
}

export interface Measured {
  /** Medians of the rounds. */
  perSecond: number;
  p50: number;
  p95: number;
  rounds: number[];
}

/** Lets the contenders take turns, A B C, C B A, each with all its clients at once, after a turn that is not counted. */
export async function interleave<Name extends string>(
  contenders: Record<Name, Contender['act']>,
  { clients, rounds, milliseconds }: Pace,
): Promise<Record<Name, Measured>> {
  const names = Object.keys(contenders) as Name[];
  const turns = new Map(names.map((name) => [name, [] as Turn[]]));
  for (let round = -1; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const turn = await takeTurn(contenders[name], clients, round < 0 ? milliseconds / 2 : milliseconds);
      if (round >= 0) turns.get(name)?.push(turn);
    }
  }
  const measured = names.map((name) => [name, summed(turns.get(name) ?? [])] as const);
  return Object.fromEntries(measured) as Record<Name, Measured>;
}

/** How many times as fast: the median over the rounds, so that what slowed a whole round down slows no ratio. */
export function ratio(fast: Measured, slow: Measured): number {
  return median(fast.rounds.map((perSecond, round) => perSecond / (slow.rounds[round] ?? Number.NaN)));
}

export function median(values: number[]): number {
  return quantile(values, 0.5);
}

interface Turn {
  perSecond: number;
  p50: number;
  p95: number;
}

async function takeTurn(act: Contender['act'], clients: number, milliseconds: number): Promise<Turn> {
  const took: number[] = [];
  const start = performance.now();
  const until = start + milliseconds;
  async function client(which: number): Promise<void> {
    for (let before = performance.now(); before < until; ) {
      await act(which);
      const after = performance.now();
      took.push(after - before);
      before = after;
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, which) => client(which)));
  const seconds = (performance.now() - start) / 1_000;
  return { perSecond: took.length / seconds, p50: quantile(took, 0.5), p95: quantile(took, 0.95) };
}

function summed(turns: Turn[]): Measured {
  const rounds = turns.map((turn) => turn.perSecond);
  return {
    perSecond: median(rounds),
    p50: median(turns.map((turn) => turn.p50)),
    p95: median(turns.map((turn) => turn.p95)),
    rounds,
  };
}

function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
