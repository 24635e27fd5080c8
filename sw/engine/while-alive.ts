/** Calls back after so many milliseconds, unless it is called off by what this returns. */
export type After = (ms: number, then: () => void) => () => void;

/**
 * Runs work that says every now and then how long it may be silent. If it is silent for longer, `stuck` is called and nobody
 * waits for it any more, so that it cannot hold up others for ever.
 */
export function whileAlive(
  work: (alive: (ms: number) => void) => Promise<void>,
  after: After,
  stuck: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let callOff: () => void = () => undefined;
    const alive = (ms: number) => {
      callOff();
      callOff = after(ms, () => {
        stuck();
        resolve();
      });
    };
    work(alive)
      .then(resolve, reject)
      .finally(() => callOff());
  });
}
