import type { SyncWords } from './sync-words.ts';

/** What the status of an account was when something was last read out. */
export interface Announced {
  account: string | undefined;
  grave: boolean;
  offline: boolean;
  /** What is read out; empty as soon as it is no longer true. */
  text: string;
}

export const silence: Announced = { account: undefined, grave: false, offline: false, text: '' };

/** What to read out now: going offline, trouble, and that it is over; nothing when the account changes. */
export function announcement(before: Announced, account: string | undefined, said: SyncWords | null): Announced {
  const sameAccount = before.account === account;
  if (said === null) return sameAccount ? { ...before, text: '' } : { ...silence, account };
  const grave = said.tone === 'danger';
  const offline = said.leg === 'offline';
  const isNew = grave !== before.grave || offline !== before.offline;
  const isTrue = said.text === before.text;
  return { account, grave, offline, text: sameAccount && (isNew || isTrue) ? said.text : '' };
}
