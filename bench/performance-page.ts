import { readFile, writeFile } from 'node:fs/promises';
import type { Demand } from './demand.ts';

const page = new URL('../docs/performance.md', import.meta.url);
const end = '<!-- the end of it -->';

/** Puts what a command found into its place in docs/performance.md. */
export async function writeSection(command: string, text: string): Promise<void> {
  const begin = `<!-- ${command} -->`;
  const old = await readFile(page, 'utf8');
  const from = old.indexOf(begin);
  const to = old.indexOf(end, from);
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no place between ${begin} and ${end}`);
  await writeFile(page, `${old.slice(0, from)}${begin}\n\n${text}\n\n${old.slice(to)}`);
}

/** Every demanded figure in a table, and how many were missed. */
export function demandTable(demands: Demand[]): string {
  const missed = demands.filter(({ met }) => !met).length;
  const rows = demands.map(({ what, found, demanded, met }) => [
    what,
    String(found),
    demanded,
    met ? 'met' : '**missed**',
  ]);
  const verdict =
    missed === 0 ? 'Every demanded figure is met.' : `${missed} of ${demands.length} demanded figures are missed.`;
  return `${table(['demanded', 'found', 'at least or at most', ''], rows)}\n\n${verdict}`;
}

export function table(head: string[], body: string[][]): string {
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

/** Three digits that count. */
export function figure(value: number): string {
  return value >= 100 ? count(Math.round(value)) : String(Number(value.toPrecision(3)));
}
