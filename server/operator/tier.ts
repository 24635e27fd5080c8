import { join } from 'node:path';
import * as v from 'valibot';
import { TierSchema } from '../../contract/wire.ts';
import { Refusal } from '../refusal.ts';
import { callFunction } from './call-function.ts';
import { runCommand } from './run-command.ts';

const home = join(import.meta.dirname, '..', '..');

await runCommand(changeTier);

/** `npm run tier -- EMAIL TIER` */
async function changeTier(email?: string, tier?: string): Promise<string | Refusal> {
  if (email === undefined || tier === undefined) {
    return new Refusal('usage', 'Say whose account and which tier: npm run tier -- EMAIL TIER (free, core or studio).');
  }
  if (!v.is(TierSchema, tier)) return new Refusal('tier', `There is no tier "${tier}": it is free, core or studio.`);
  const called = await callFunction(home, 'set_tier', { email, tier });
  if (called instanceof Refusal) return called;
  if (called.answer === true) return `${email} is on the tier ${tier} now.`;
  return new Refusal('email', `There is no account with the e-mail address ${email}.`);
}
