/**
 * Runs one at a time. Who asks during a run waits for its end and is then asked whether another is still wanted; however
 * many want one, they get one. Everyone is served by a run that began after the asking, unless it was not wanted any more.
 */
export function oneAtATime(run: () => Promise<void>): (stillWanted: () => Promise<boolean>) => Promise<void> {
  let running: Promise<void> | null = null;
  let begun = 0;

  function begin(): Promise<void> {
    begun += 1;
    running = run().finally(() => {
      running = null;
    });
    return running;
  }

  return async (stillWanted) => {
    const before = begun;
    while (running !== null && begun === before) {
      await Promise.allSettled([running]);
      if (begun === before && !(await stillWanted())) return;
    }
    if (begun === before) return begin();
    // Another who was waiting began it.
    if (running !== null) await running;
  };
}
