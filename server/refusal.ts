/** Why Atlas does not start: one sentence for the person who started it. */
export class Refusal {
  readonly code: string;
  readonly sentence: string;

  constructor(code: string, sentence: string) {
    this.code = code;
    this.sentence = sentence;
  }
}

/** The code of an error from the operating system or PostgreSQL, or null where it has none. */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
