import { errorCode } from '../refusal.ts';

/**
 * What an error of a sync call means: the database has no time or is away, the request holds values that no database
 * takes, or something that the generic way may say better. null: nobody expected it.
 */
export type SyncFailure = 'busy' | 'bad-request' | 'other';

/** Connections, rollbacks by deadlock and the like, want of resources, locks, cancelled by time or an operator, the system. */
const busyClasses = new Set(['08', '40', '53', '55', '57', '58']);
/** Values out of range or not text; nested deeper than the stack. */
const badClasses = new Set(['22', '54']);
const away = /^(CONNECT|ECONN|EPIPE|ETIMEDOUT|EHOST|ENOTFOUND)/;

/** Tells by its code alone; what it says may repeat what people wrote. */
export function syncFailure(error: unknown): SyncFailure | null {
  const code = errorCode(error);
  if (code === null) return null;
  if (away.test(code)) return 'busy';
  if (!/^[0-9A-Z]{5}$/.test(code)) return null;
  const group = code.slice(0, 2);
  if (busyClasses.has(group)) return 'busy';
  return badClasses.has(group) ? 'bad-request' : 'other';
}
