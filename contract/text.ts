/** The text without NUL and lone surrogates, which neither JSON nor PostgreSQL can carry; said where text enters the worker. */
export function wellFormed(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** The text cut to at most `most` UTF-16 units, never through the middle of a character. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}
