import type { Command, CommandEnvelope, CommandError } from '../contract/page-messages.ts';
import { bringAlong } from './bring-along.ts';
import type { Notices } from './notices.ts';
import { type OpenAccounts, standingOf } from './open-accounts.ts';
import type { Pages } from './pages.ts';
import { enter, leave, sayGoodbye } from './sign-in.ts';
import type { Registry } from './store/registry.ts';
import type { Sync } from './sync.ts';
import { triggerOf, type Write, write } from './write-command.ts';

export interface CommandParts {
  registry: Registry;
  accounts: OpenAccounts;
  sync: Sync;
  notices: Notices;
  pages: Pages;
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
    case 'create-account':
    case 'sign-in':
      return signIn(parts, ask);
    case 'sign-out':
      return signOut(parts, ask);
    default:
      return writeAndTell(parts, ask, database, page);
  }
}

async function hello({ pages, sync }: CommandParts, said: Asking<'hello'>, page: string): Promise<void> {
  // One after the other, so that what the first has done the next finds done.
  await sync.start();
  for (const trigger of pages.hello(page, said)) await sync.trigger(trigger);
  await sync.trigger('poll');
}

async function syncNow({ sync }: CommandParts): Promise<Done> {
  await sync.trigger('sync-now');
  return { error: null, after: nothing };
}

async function signIn(parts: CommandParts, ask: Asking<'create-account' | 'sign-in'>): Promise<Done> {
  const error = await enter(parts.registry, ask);
  if (error !== null) return { error, after: nothing };
  await tellAccount(parts);
  const after = async () => {
    await bringAlong(parts.registry, parts.accounts, parts.notices);
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

async function tellAccount({ accounts, notices }: CommandParts): Promise<void> {
  notices.account(standingOf((await accounts.current()).account, notices));
}

async function writeAndTell(
  parts: CommandParts,
  ask: Write,
  database: string | undefined,
  page: string,
): Promise<Done> {
  const { accounts, notices, sync } = parts;
  const inUse = (database === undefined ? null : await accounts.named(database)) ?? (await accounts.current());
  const error = await write(inUse, ask, { page, open: await parts.openPages() });
  const trigger = triggerOf[ask.do];
  if (error !== null || trigger === null) return { error, after: nothing };
  const tell = notices.about(inUse.store.database);
  if ('conversation' in ask) tell.changed([ask.conversation]);
  else tell.changed([], true);
  return { error: null, after: () => sync.written(trigger) };
}
