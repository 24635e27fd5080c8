import { verifiedClaims } from '../sync/access-token.ts';

/** Whose access token it is, and until when it counts, in milliseconds. */
export interface Ticket {
  user: string;
  expires: number;
}

/** What an access token allows to hear; null where it is not beyond doubt. */
export function readTicket(token: unknown, secret: string, now: number): Ticket | null {
  if (typeof token !== 'string') return null;
  const claims = verifiedClaims(`Bearer ${token}`, secret, now);
  if (claims === null) return null;
  const { sub, exp }: { sub: string; exp: number } = JSON.parse(claims);
  return { user: sub, expires: exp * 1_000 };
}

/** The topic of a user's changes, as clients name it. */
export function topicOf(user: string): string {
  return `realtime:user:${user}`;
}
