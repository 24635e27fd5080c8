import * as v from 'valibot';
import { makeClock } from '../../contract/clock.ts';
import { type Op, SyncedSchema, type SyncRequest } from '../../contract/wire.ts';
import { conversationId, device, firstRequest, signUp } from '../../server/testing/ask-atlas.ts';
import { claimsOf } from '../../server/testing/listen.ts';

/** Someone with an account who writes. */
export interface Writer {
  user: string;
  token: string;
  /** Writes a conversation: the seq it is above, and when the request was sent and answered. */
  write(): Promise<{ above: number; sent: number; answered: number }>;
}

/** A new account whose device is up to date. */
export async function openWriter(address: string, key: string, email: string): Promise<Writer> {
  const { token } = await signUp(address, email);
  const headers = { apikey: key, authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const sync = async (request: SyncRequest) => {
    const body = JSON.stringify({ request });
    const answer = await fetch(`${address}/rest/v1/rpc/sync`, { method: 'POST', headers, body });
    return v.parse(SyncedSchema, await answer.json());
  };
  let stand = await sync(firstRequest);
  let written = 0;
  return {
    user: claimsOf({ token }).sub,
    token,
    async write() {
      const { epoch, cursor, time } = stand;
      const clock = makeClock(Math.max(time, Date.now() - 1_000), written % 10_000, device);
      const op: Op = {
        kind: 'conversation',
        id: conversationId(written),
        origin: 'live',
        made: {},
        set: { title: [`Title ${written}`, clock], trashed: [false, clock] },
      };
      written += 1;
      const sent = performance.now();
      stand = await sync({ ...firstRequest, epoch, cursor, ops: [op] });
      return { above: cursor.seq, sent, answered: performance.now() };
    },
  };
}
