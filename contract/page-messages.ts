import * as v from 'valibot';
import { IdSchema } from './ids.ts';
import { limits } from './limits.ts';

/**
 * What page and worker say to each other. The page makes the id of a command and sends it again until it is answered,
 * so every command means the same when it comes twice.
 */
const text = v.pipe(v.string(), v.maxLength(limits.textCharacters));
const title = v.pipe(v.string(), v.maxLength(limits.titleCharacters));
const password = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000));
/** What nobody wrote on this device does not come along. */
const apart = v.optional(v.literal(true));
const email = v.pipe(v.string(), v.minLength(1), v.maxLength(320));

export const CommandSchema = v.variant('do', [
  /** Which database to read, and who is signed in. Also a page's heartbeat: keeps the worker awake while it is visible. */
  v.object({
    do: v.literal('hello'),
    visible: v.boolean(),
    online: v.boolean(),
    /** What the browser says of the line, where it says anything. */
    connection: v.optional(
      v.object({ saveData: v.boolean(), effectiveType: v.nullable(v.string()), rtt: v.nullable(v.number()) }),
    ),
  }),
  /** Stores a message; its conversation too, if that is new. */
  v.object({
    do: v.literal('write-message'),
    id: IdSchema,
    conversation: IdSchema,
    parent: v.nullable(IdSchema),
    text,
  }),
  v.object({ do: v.literal('rename'), conversation: IdSchema, title }),
  v.object({ do: v.literal('trash'), conversation: IdSchema }),
  v.object({ do: v.literal('restore'), conversation: IdSchema }),
  v.object({ do: v.literal('purge'), conversation: IdSchema }),
  v.object({ do: v.literal('keep-draft'), conversation: v.union([IdSchema, v.literal('new')]), text: v.string() }),
  /** Sends again what was refused. */
  v.object({ do: v.literal('retry'), id: IdSchema }),
  /** Gives up what was refused or is waiting. */
  v.object({ do: v.literal('discard'), id: IdSchema }),
  /** Brings back messages of a conversation that have left this device, the newest of them. */
  v.object({ do: v.literal('read-older'), conversation: IdSchema }),
  v.object({ do: v.literal('sync-now') }),
  v.object({ do: v.literal('create-account'), email, password, apart }),
  v.object({ do: v.literal('sign-in'), email, password, apart }),
  /** `ask` refuses while something is unsent; `send` sends it first; `keep` leaves it in this account's database. */
  v.object({ do: v.literal('sign-out'), unsent: v.picklist(['ask', 'send', 'keep']) }),
]);
export type Command = v.InferOutput<typeof CommandSchema>;

export const CommandEnvelopeSchema = v.object({
  command: v.string(),
  ask: CommandSchema,
  /** The database the page shows: what is written there must not land in another when the account changed meanwhile. */
  database: v.optional(v.string()),
});
export type CommandEnvelope = v.InferOutput<typeof CommandEnvelopeSchema>;

/** What every command is answered with when it went well: enough to read the right database. */
export interface Standing {
  database: string;
  user: { id: string; email: string } | null;
  syncing: boolean;
}

export const commandErrors = [
  'bad-command',
  'storage-full',
  'storage',
  'not-found',
  'unsent',
  'offline',
  /** The account does not sync: its tier has no sync, or it was deleted. */
  'no-sync',
  /** The session has ended: sign in again first. */
  'signed-out',
  'bad-email',
  'wrong-password',
  'email-taken',
  'weak-password',
  'confirm-email',
  'throttled',
  'server',
] as const;
export type CommandError = (typeof commandErrors)[number];

export type Reply =
  | { to: string; ok: true; standing: Standing }
  | { to: string; ok: false; error: CommandError; detail?: string };

/** BroadcastChannel on which the worker tells every page. */
export const noticeChannel = 'atlas-notices';

export type Notice =
  /** These entities of this database changed: read again what you show of them. */
  | { notice: 'changed'; database: string; conversations: string[]; all?: true }
  /** A cycle began or ended. */
  | { notice: 'syncing'; database: string; active: boolean }
  /** Another account is in use: open its database. */
  | { notice: 'account'; standing: Standing };
