import { logError, logInfo, quietLibraries } from '../log.ts';
import { Refusal } from '../refusal.ts';

/** Runs a command of the operator: its sentence goes to stdout and ends well, a refusal to stderr and ends with 1. */
export async function runCommand(command: (...words: string[]) => Promise<string | Refusal>): Promise<never> {
  process.env.DO_NOT_TRACK = '1';
  quietLibraries();
  const outcome = await command(...process.argv.slice(2));
  if (outcome instanceof Refusal) logError(outcome.sentence);
  else logInfo(outcome);
  process.exit(outcome instanceof Refusal ? 1 : 0);
}
