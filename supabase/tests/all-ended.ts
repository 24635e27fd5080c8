/** Waits until all of them have ended, so that nobody still uses what is closed next; then fails as the first that failed. */
export async function allEnded<T>(works: Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(works);
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
