import { errorCode } from './refusal.ts';

/** One line for who runs Atlas. */
export function logInfo(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

/** Someone must look. What an error says is left out where it may hold what people wrote. */
export function logError(sentence: string, error?: unknown): void {
  process.stderr.write(`${sentence}${error === undefined ? '' : `: ${described(error)}`}\n`);
}

/** Tells of each kind of error once, until things went well again. */
export function logErrorsOnce(sentence: string): { failed(error: unknown): void; well(): void } {
  const told = new Set<string>();
  return {
    failed(error) {
      const kind = errorCode(error) ?? (error instanceof Error ? error.name : typeof error);
      if (told.has(kind)) return;
      told.add(kind);
      logError(sentence, error);
    },
    well: () => told.clear(),
  };
}

function described(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name}${code}`, ...places.slice(0, 5)].join('\n');
}

/** Lines of libraries: they print errors of the database with what people wrote in them. */
export function quietLibraries(): void {
  const fromLibrary = (...said: unknown[]) => {
    const error = said.find((part) => part instanceof Error);
    // A class and a code of five letters is how PostgreSQL says no to a request; the request is told so itself.
    const refusedByDatabase = error !== undefined && 'code' in error && /^[0-9A-Z]{5}$/.test(String(error.code));
    if (error !== undefined && !refusedByDatabase) logError('A library reports', error);
  };
  for (const method of ['log', 'info', 'debug', 'warn', 'error'] as const) console[method] = fromLibrary;
}

/** What nobody expected is told and does not end the server for everybody else; what broke it halfway does. */
export function reportSurprises(): void {
  process.on('unhandledRejection', (reason) => logError('Something went wrong', reason));
  process.on('uncaughtException', (error) => {
    logError('Atlas ends, because something went wrong', error);
    process.exit(1);
  });
}
