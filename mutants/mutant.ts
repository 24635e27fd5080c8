/** What must notice: a file of tests, or only those of its tests that are named so; or a history of ours, lived through. */
export type Killer = { tests: string; named?: string } | { history: string };

/** One deliberate bug: a piece of the source, and what is put in its place. */
export interface Mutant {
  /** What is wrong then, as a sentence. */
  name: string;
  file: string;
  /** Stands in the file exactly once. */
  from: string;
  to: string;
  killer: Killer;
}

/** The source with the bug in it; null if it does not stand there exactly once any more. */
export function mutated(source: string, { from, to }: Pick<Mutant, 'from' | 'to'>): string | null {
  return source.split(from).length === 2 ? source.replace(from, () => to) : null;
}
