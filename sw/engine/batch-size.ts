/**
 * How many ops the next request carries when the server says that a request is too large or wrong:
 *
 *   normal --refused, several ops--> halved --refused, one op--> suspicious --without ops: accepted--> sure
 *   sure --the same op refused again--> that op is set aside, normal again
 */
export interface BatchSize {
  most: number;
  /** The op that was refused when it was alone. */
  suspect: string | null;
  /** A request without ops went well since. */
  sure: boolean;
}

export const wholeBatch: BatchSize = { most: Number.POSITIVE_INFINITY, suspect: null, sure: false };

/** How many ops the next request may carry; none while an op alone is under suspicion. */
export function opsAllowed(size: BatchSize): number {
  return size.suspect !== null && !size.sure ? 0 : size.most;
}

export function afterAccepted(size: BatchSize, ops: number): BatchSize {
  if (size.suspect !== null && !size.sure) return { ...size, sure: true };
  return ops === 0 ? size : { most: size.most * 2, suspect: null, sure: false };
}

/** The next size; which op to set aside, if any; or that the server refuses even a request without ops. */
export function afterRefused(
  size: BatchSize,
  ids: readonly string[],
): { size: BatchSize; setAside: string | null; hopeless: boolean } {
  const [only] = ids;
  if (only === undefined) return { size, setAside: null, hopeless: true };
  if (ids.length > 1) {
    const most = Math.floor(ids.length / 2);
    return { size: { most, suspect: null, sure: false }, setAside: null, hopeless: false };
  }
  if (size.suspect === only && size.sure) return { size: wholeBatch, setAside: only, hopeless: false };
  return { size: { most: 1, suspect: only, sure: false }, setAside: null, hopeless: false };
}
