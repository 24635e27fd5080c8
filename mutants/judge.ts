import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Killer } from './mutant.ts';
import { runNode } from './run-node.ts';

/**
 * `killed`: a promise was seen broken; `survived`: nothing was noticed; `broken`: the bug is none, since the source does not
 * compile or something else than a promise broke.
 */
export type Verdict = { is: 'killed' | 'survived' | 'broken'; why: string };

/** What one run may take; a bug by which a test never ends is no good bug. */
const longestMs = 180_000;

/** What comes of these tests, or of this history, in that folder. */
export function judge(folder: string, killer: Killer): Promise<Verdict> {
  return 'tests' in killer
    ? judgeByTests(folder, [killer.tests], killer.named)
    : judgeByHistories(folder, [killer.history]);
}

/** Whether all of this holds, with few programs: what does not, says so. */
export async function judgeAll(folder: string, killers: readonly Killer[]): Promise<Verdict[]> {
  const whole = new Set<string>();
  const parts = new Map<string, string[]>();
  const histories = new Set<string>();
  for (const killer of killers) {
    if ('history' in killer) histories.add(killer.history);
    else if (killer.named === undefined) whole.add(killer.tests);
    else parts.set(killer.tests, [...(parts.get(killer.tests) ?? []), killer.named]);
  }
  const verdicts: Verdict[] = [];
  for (const files of [[...whole].filter(inBrowser), [...whole].filter((file) => !inBrowser(file))]) {
    if (files.length > 0) verdicts.push(await judgeByTests(folder, files));
  }
  for (const [file, names] of parts) verdicts.push(await judgeByTests(folder, [file], names.join('|')));
  if (histories.size > 0) verdicts.push(await judgeByHistories(folder, [...histories]));
  return verdicts;
}

function inBrowser(file: string): boolean {
  return file.endsWith('.browser.test.ts');
}

const ReportSchema = v.object({
  numPassedTests: v.number(),
  testResults: v.array(
    v.object({
      message: v.string(),
      assertionResults: v.array(
        v.object({ status: v.string(), fullName: v.string(), failureMessages: v.array(v.string()) }),
      ),
    }),
  ),
});

async function judgeByTests(folder: string, files: readonly string[], named?: string): Promise<Verdict> {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const project = files.some(inBrowser) ? 'browser' : 'unit';
  const words = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    project,
    '--reporter=json',
    '--testTimeout=30000',
  ];
  const which = named === undefined ? files : [...files, '-t', named];
  const ended = await runNode(folder, [...words, `--outputFile=${report}`, ...which], longestMs);
  if (!existsSync(report)) return { is: 'broken', why: ended.code === null ? 'it never ended' : lastOf(ended.said) };
  const { numPassedTests, testResults } = v.parse(ReportSchema, JSON.parse(readFileSync(report, 'utf8')));
  const failed = testResults.flatMap((file) => file.assertionResults).filter(({ status }) => status === 'failed');
  const kill = failed.find(({ failureMessages }) => failureMessages.some(isAssertion));
  if (kill !== undefined) return { is: 'killed', why: kill.fullName };
  const said = failed[0]?.failureMessages[0] ?? testResults.find(({ message }) => message !== '')?.message;
  if (said !== undefined) return { is: 'broken', why: lastOf(said.split('\n    at ')[0] ?? said) };
  if (numPassedTests === 0) return { is: 'broken', why: `no test is named ${named ?? files.join()}` };
  return { is: 'survived', why: '' };
}

/** What `expect` throws, by itself or within a property that is tried with many values. */
function isAssertion(message: string): boolean {
  return message.startsWith('AssertionError') || message.startsWith('Error: Property failed');
}

const SaidSchema = v.object({ lives: v.number(), failed: v.number(), why: v.string() });

async function judgeByHistories(folder: string, histories: readonly string[]): Promise<Verdict> {
  const words = ['scripts/run-typescript.mjs', 'mutants/live.ts', ...histories];
  const { code, said } = await runNode(folder, words, longestMs);
  const last = v.safeParse(SaidSchema, jsonOf(lastOf(said)));
  if (!last.success) return { is: 'broken', why: code === null ? 'it never ended' : lastOf(said) };
  const { failed, why } = last.output;
  if (failed === 0) return { is: 'survived', why: '' };
  return { is: /\b(Type|Reference|Syntax|Range)Error\b/.test(why) ? 'broken' : 'killed', why };
}

function jsonOf(line: string): unknown {
  return line.startsWith('{') ? JSON.parse(line) : null;
}

function lastOf(said: string): string {
  return said.trim().split('\n').at(-1) ?? '';
}
