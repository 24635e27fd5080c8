import * as v from 'valibot';
import type { Audience, Listener } from './audience.ts';
import { listenersMost } from './audience.ts';
import type { Message } from './phoenix-message.ts';
import { readTicket, type Ticket, topicOf } from './ticket.ts';

const JoinSchema = v.object({
  access_token: v.optional(v.string()),
  config: v.object({
    private: v.literal(true),
    postgres_changes: v.optional(v.pipe(v.array(v.unknown()), v.length(0))),
  }),
});
const TokenSchema = v.object({ access_token: v.nullish(v.string()) });

/** Longer than this no timer can be set. */
const timerMostMs = 2 ** 31 - 1;

export interface ChannelParts {
  audience: Audience;
  jwtSecret: string;
  now(): number;
  send(message: Message): void;
  /** Whether the other end of the connection is still there; ends it if not. */
  answers(): Promise<boolean>;
}

/** The one channel a connection may have: the private one of its user. */
export interface Channel {
  heard(message: Message): Promise<void>;
  joined(): boolean;
  /** The connection has ended. */
  close(): void;
}

interface Joined {
  ticket: Ticket;
  topic: string;
  joinRef: string | null;
  listener: Listener;
  expiry: ReturnType<typeof setTimeout>;
}

/**
 *   out --phx_join, a good token, room--> joined --phx_leave, token expired or another's--> out
 */
export function openChannel({ audience, jwtSecret, now, send, answers }: ChannelParts): Channel {
  let joined: Joined | null = null;
  let closed = false;
  /** Joins asked for so far: one that is not the latest any more when its turn comes, or ends, is void. */
  let joins = 0;
  let joining = Promise.resolve();

  function reply({ joinRef, ref, topic }: Message, status: 'ok' | 'error', response: object): void {
    send({ joinRef, ref, topic, event: 'phx_reply', payload: { status, response } });
  }

  function leave(): Joined | null {
    const left = joined;
    joined = null;
    if (left === null) return null;
    clearTimeout(left.expiry);
    audience.leave(left.ticket.user, left.listener);
    return left;
  }

  function tellClosed({ joinRef, topic }: Joined): void {
    send({ joinRef, ref: joinRef, topic, event: 'phx_close', payload: {} });
  }

  function endFor(message: string): void {
    const left = leave();
    if (left === null) return;
    const { topic, joinRef } = left;
    const payload = { extension: 'system', status: 'error', message, channel: topic };
    send({ joinRef, ref: null, topic, event: 'system', payload });
    tellClosed(left);
  }

  function expiryOf({ expires }: Ticket): ReturnType<typeof setTimeout> {
    const end = () => endFor('Token has expired: join again with a new one.');
    return setTimeout(end, Math.min(timerMostMs, expires - now())).unref();
  }

  async function join(message: Message): Promise<void> {
    const asked = v.safeParse(JoinSchema, message.payload);
    if (!asked.success)
      return reply(message, 'error', { reason: 'PrivateOnly: only private channels are served here.' });
    const ticket = readTicket(asked.output.access_token, jwtSecret, now());
    if (ticket === null) return reply(message, 'error', { reason: 'Unauthorized: the access token does not count.' });
    if (message.topic !== topicOf(ticket.user)) {
      return reply(message, 'error', { reason: 'Unauthorized: a user may only listen to what is his.' });
    }
    const again = leave();
    if (again !== null) tellClosed(again);
    const nth = ++joins;
    const isLatest = () => !closed && nth === joins;
    // One after the other: the place that one takes in vain is free again before the next looks for one.
    joining = joining.then(() => (isLatest() ? takePlace(message, ticket, isLatest) : undefined));
    return joining;
  }

  async function takePlace(message: Message, ticket: Ticket, isLatest: () => boolean): Promise<void> {
    const { topic, joinRef } = message;
    const listener: Listener = {
      tell: ({ seq, device }) => {
        const payload = { type: 'broadcast', event: 'poke', payload: { seq, device } };
        send({ joinRef, ref: null, topic, event: 'broadcast', payload });
      },
      answers,
    };
    const became = await audience.join(ticket.user, listener);
    if (became === 'full') {
      const reason = `TooManyConnections: at most ${listenersMost} devices of a user listen at a time.`;
      return reply(message, 'error', { reason });
    }
    if (!isLatest()) return audience.leave(ticket.user, listener);
    joined = { ticket, topic, joinRef, listener, expiry: expiryOf(ticket) };
    reply(message, 'ok', { postgres_changes: [] });
  }

  function renew({ payload }: Message): void {
    const given = v.safeParse(TokenSchema, payload);
    if (joined === null || !given.success || typeof given.output.access_token !== 'string') return;
    const ticket = readTicket(given.output.access_token, jwtSecret, now());
    if (ticket === null || ticket.user !== joined.ticket.user) {
      endFor('Unauthorized: the access token does not count.');
      return;
    }
    clearTimeout(joined.expiry);
    joined = { ...joined, ticket, expiry: expiryOf(ticket) };
  }

  return {
    async heard(message) {
      if (message.event === 'phx_join') return join(message);
      // Of a join that is under way, too.
      if (message.event === 'phx_leave') joins += 1;
      if (joined === null || message.topic !== joined.topic) {
        return reply(message, 'error', { reason: 'unmatched topic' });
      }
      if (message.event === 'access_token') return renew(message);
      if (message.event !== 'phx_leave') return reply(message, 'error', { reason: 'Nothing can be sent here.' });
      const left = leave();
      reply(message, 'ok', {});
      if (left !== null) tellClosed(left);
    },
    joined: () => joined !== null,
    close() {
      closed = true;
      leave();
    },
  };
}
