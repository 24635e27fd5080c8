/** A figure that is demanded, and what was found. */
export interface Demand {
  what: string;
  found: number;
  demanded: `${'≥' | '≤'} ${number}`;
  met: boolean;
  /** Depends on how fast things are, so that only a whole run can judge it. */
  timed: boolean;
}

export function atLeast(least: number, what: string, found: number): Demand {
  return { what, found: rounded(found), demanded: `≥ ${least}`, met: found >= least, timed: true };
}

export function atMost(most: number, what: string, found: number): Demand {
  return { what, found: rounded(found), demanded: `≤ ${most}`, met: found <= most, timed: true };
}

/** The same of something that every run can judge, however fast the machine is. */
export function inEveryRun(demand: Demand): Demand {
  return { ...demand, timed: false };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
