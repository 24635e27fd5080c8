/** Makes a gate that lets one piece of work through at a time, in the order of coming. */
export function makeTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    // Whether it went well is between the work and who asked for it.
    last = mine.catch(() => undefined);
    return mine;
  };
}
