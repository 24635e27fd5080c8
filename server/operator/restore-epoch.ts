import { join } from 'node:path';
import { Refusal } from '../refusal.ts';
import { callFunction } from './call-function.ts';
import { runCommand } from './run-command.ts';

const home = join(import.meta.dirname, '..', '..');

await runCommand(openEpoch);

/** `npm run restore-epoch`: once after every restore from a backup. */
async function openEpoch(...words: string[]): Promise<string | Refusal> {
  if (words.length > 0) {
    const sentence =
      'Run npm run restore-epoch alone, once after every restore from a backup, before Atlas starts again.';
    return new Refusal('usage', sentence);
  }
  const called = await callFunction(home, 'open_epoch', {});
  if (called instanceof Refusal) return called;
  const opened = `A new epoch is open (${String(called.answer)}): every device will bring back what the backup did not have.`;
  if (!called.running) return opened;
  return `${opened}\nAtlas was running meanwhile: next time open it before Atlas starts, so that no device syncs in between.`;
}
