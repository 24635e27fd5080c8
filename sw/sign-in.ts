import type { ProblemCode, SessionRecord } from '../contract/database.ts';
import type { Command, CommandError } from '../contract/page-messages.ts';
import { createAccount, endSession, signInWithPassword } from './auth.ts';
import type { Sync } from './engine/start-sync.ts';
import { knownConfig, learnConfig } from './server-config.ts';
import type { Registry } from './store/registry.ts';

type Asked<Name extends Command['do']> = Extract<Command, { do: Name }>;

/** Creates an account or signs in, and makes that account the one in use. */
export async function enter(
  registry: Registry,
  ask: Asked<'create-account' | 'sign-in'>,
): Promise<CommandError | null> {
  const config = await learnConfig(registry);
  if (config === null) return 'offline';
  const how = ask.do === 'sign-in' ? signInWithPassword : createAccount;
  const signedIn = await how(config, ask.email.trim(), ask.password);
  if (signedIn.is === 'failed') return signedIn.error;
  await registry.signIn(signedIn.session, ask.apart);
  return null;
}

export type Left = { is: 'refused'; error: CommandError } | { is: 'left'; session: SessionRecord | null };

/** Goes back to nobody's account, unless something is unsent and the person has not said what to do about it. */
export async function leave(registry: Registry, sync: Sync, unsent: Asked<'sign-out'>['unsent']): Promise<Left> {
  const { user } = await registry.current();
  if (user === null) return { is: 'left', session: null };
  if (unsent === 'ask') {
    // Nobody can sign in to an account that is gone: what is here can be read only until then.
    const asks = (await sync.waiting()).all > 0 || (await sync.problem()) === 'account-gone';
    if (asks) return { is: 'refused', error: 'unsent' };
  }
  if (unsent === 'send') {
    await sync.trigger('sync-now');
    if ((await sync.waiting()).ready > 0) return { is: 'refused', error: whyUnsent(await sync.problem()) };
  }
  return { is: 'left', session: await registry.signOut() };
}

const unsentFor: Partial<Record<ProblemCode, CommandError>> = {
  network: 'offline',
  tier: 'no-sync',
  'account-gone': 'no-sync',
  'signed-out': 'signed-out',
  throttled: 'throttled',
  storage: 'storage',
};

/** Why what was to be sent is still here. */
function whyUnsent(problem: ProblemCode | null): CommandError {
  return (problem && unsentFor[problem]) ?? 'server';
}

/** Tells the server, if it can be told, that a session has ended. */
export async function sayGoodbye(registry: Registry, session: SessionRecord | null): Promise<void> {
  const config = await knownConfig(registry);
  if (session !== null && config !== null) await endSession(config, session);
}
