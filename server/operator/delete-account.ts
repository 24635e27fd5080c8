import { join } from 'node:path';
import { Refusal } from '../refusal.ts';
import { callFunction } from './call-function.ts';
import { runCommand } from './run-command.ts';

const home = join(import.meta.dirname, '..', '..');

await runCommand(deleteAccount);

/** `npm run delete-account -- EMAIL` */
async function deleteAccount(email?: string, ...more: string[]): Promise<string | Refusal> {
  if (email === undefined || more.length > 0) {
    return new Refusal('usage', 'Say whose account is to be deleted for good: npm run delete-account -- EMAIL.');
  }
  const called = await callFunction(home, 'erase_account', { email });
  if (called instanceof Refusal) return called;
  if (called.answer === true) return `The account of ${email} is deleted, with everything the server had of it.`;
  return new Refusal('email', `There is no account with the e-mail address ${email}.`);
}
