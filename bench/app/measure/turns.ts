/** One measurement of ours beside raw's of the same thing, in milliseconds. */
export interface Pair {
  ours: number;
  raw: number;
}

/** Takes both in turns, ours first every second time, so that neither always has the warmer machine. */
export async function inTurns(
  times: number,
  ours: () => Promise<number>,
  raw: () => Promise<number>,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let nth = 0; nth < times; nth++) {
    await between();
    if (nth % 2 === 0) pairs.push({ ours: await ours(), raw: await raw() });
    else {
      const before = await raw();
      pairs.push({ ours: await ours(), raw: before });
    }
  }
  return pairs;
}
