import { shortened } from '../../contract/text.ts';

const most = 60;

/** A conversation's first title: the first line of its first message, cut between words. */
export function titleFromText(text: string): string {
  const line = text.trim().split(/\r?\n/, 1)[0]?.replaceAll(/\s+/g, ' ').trim() ?? '';
  if (line.length <= most) return line;
  const cut = shortened(line, most - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 3 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
