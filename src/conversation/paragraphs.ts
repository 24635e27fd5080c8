/** A text cut at its empty lines; each paragraph finds its own direction. */
export function paragraphs(text: string): string[] {
  return text.split(/\n(?:[^\S\n]*\n)+/).filter((paragraph) => paragraph.trim() !== '');
}
