import { syncPath } from '../sync/sync-requests.ts';
import type { Answered } from './ask-atlas.ts';

/** Both ways a sync request can go through the server. What has a query is not for the short one. */
export const ways = { short: syncPath, generic: `${syncPath}?apikey=unused` } as const;
export type Way = keyof typeof ways;

export interface Asked extends Answered {
  headers: Headers;
  /** Which way it went, as its answer tells. */
  way: Way;
}

/** Asks for a sync with exactly these headers and this body. */
export async function askSync(
  address: string,
  way: Way,
  headers: Record<string, string>,
  body: string,
): Promise<Asked> {
  const answer = await fetch(address + ways[way], { method: 'POST', headers, body });
  const went = answer.headers.has('content-length') || answer.headers.has('content-encoding') ? 'short' : 'generic';
  return { status: answer.status, headers: answer.headers, body: await answer.json(), way: went };
}
