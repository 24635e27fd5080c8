import type { Command, CommandEnvelope, CommandError } from '../contract/page-messages.ts';
import { type BringAlongParts, bringAlong, writable } from './bring-along.ts';
import { forgetProblem } from './engine/forget-problem.ts';
import type { Sync } from './engine/start-sync.ts';
import type { OlderMessages } from './older-messages.ts';
import { standingOf } from './open-accounts.ts';
import type { Pages } from './pages.ts';
import { enter, leave, sayGoodbye } from './sign-in.ts';
import { triggerOf, type Write, write } from './write-command.ts';

export interface CommandParts extends BringAlongParts {
  sync: Sync;
  pages: Pages;
  /** Does what a timer should have done by now. */
  lookAtAlarm(): void;
  /** Looks whether to listen for what others change, and for whom. */
  lookAtRealtime(): void;
  older: Pick<OlderMessages, 'bring' | 'switched'>;
  /** The pages that are open, in sight or not. */
  openPages(): Promise<ReadonlySet<string>>;
}

/** What became of a command, and what is to follow once it is answered. */
export interface Done {
  error: CommandError | null;
  after(): Promise<void>;
}

type Asking<Name extends Command['do']> = Extract<Command, { do: Name }>;

const nothing = () => Promise.resolve();

/** Does what a page asked for; resolves when it is durable. */
export function perform(parts: CommandParts, { ask, database }: CommandEnvelope, page: string): Promise<Done> {
  switch (ask.do) {
    case 'hello':
      return Promise.resolve({ error: null, after: () => hello(parts, ask, page) });
    case 'sync-now':
      return syncNow(parts);
    case 'read-older':
      return readOlder(parts, ask);
    case 'create-account':
    case 'sign-in':
      return signIn(parts, ask);
    case 'sign-out':
      return signOut(parts, ask);
    default:
      return writeAndTell(parts, ask, database, page);
  }
}

async function hello(parts: CommandParts, said: Asking<'hello'>, page: string): Promise<void> {
  const { pages, sync, openPages, lookAtRealtime } = parts;
  lookAtRealtime();
  // One after the other, so that what the first has done the next finds done.
  await sync.start();
  pages.keepOnly(await openPages());
  const triggers = pages.hello(page, said);
  lookAtRealtime();
  for (const trigger of triggers) await sync.trigger(trigger);
  await sync.trigger('poll');
}

async function syncNow({ sync }: CommandParts): Promise<Done> {
  await sync.trigger('sync-now');
  return { error: null, after: nothing };
}

async function readOlder({ older }: CommandParts, ask: Asking<'read-older'>): Promise<Done> {
  return { error: await older.bring(ask.conversation), after: nothing };
}

async function signIn(parts: CommandParts, ask: Asking<'create-account' | 'sign-in'>): Promise<Done> {
  const error = await enter(parts.registry, ask);
  if (error !== null) return { error, after: nothing };
  const { store } = await parts.accounts.current();
  await store.change('relaxed', (stored) => forgetProblem(stored, 'signed-out'));
  await tellAccount(parts);
  const after = async () => {
    await bringAlong(parts);
    await parts.sync.trigger('sign-in');
  };
  return { error: null, after };
}

async function signOut(parts: CommandParts, { unsent }: Asking<'sign-out'>): Promise<Done> {
  const left = await leave(parts.registry, parts.sync, unsent);
  if (left.is === 'refused') return { error: left.error, after: nothing };
  await tellAccount(parts);
  return { error: null, after: () => sayGoodbye(parts.registry, left.session) };
}

async function tellAccount({ accounts, notices, sync, older, lookAtRealtime }: CommandParts): Promise<void> {
  sync.switched();
  older.switched();
  notices.account(standingOf((await accounts.current()).account, notices));
  lookAtRealtime();
}

async function writeAndTell(
  parts: CommandParts,
  ask: Write,
  database: string | undefined,
  page: string,
): Promise<Done> {
  const { notices, sync } = parts;
  const asking = { page, open: await parts.openPages() };
  // Nothing may come between this and the write: the account could become another's.
  const inUse = await writable(parts, database);
  const error = await write(inUse, ask, asking);
  const trigger = triggerOf[ask.do];
  if (error !== null || trigger === null) return { error, after: nothing };
  const tell = notices.about(inUse.store.database);
  if ('conversation' in ask) tell.changed([ask.conversation]);
  else tell.changed([], true);
  return { error: null, after: () => sync.written(trigger) };
}
