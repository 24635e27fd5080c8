import { median } from '../../db/interleave.ts';
import type { Pair } from './turns.ts';

/** The median over the rounds of how many times as long ours took as raw. */
export function timesRaw(rounds: Pair[]): number {
  return median(rounds.map(({ ours, raw }) => ours / raw));
}

/** The medians of what was measured in one round. */
export function roundOf(pairs: Pair[]): Pair {
  return { ours: median(pairs.map(({ ours }) => ours)), raw: median(pairs.map(({ raw }) => raw)) };
}
