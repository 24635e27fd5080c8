import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * The files of the project, new ones included, ignored ones not; paths from the root.
 * @returns {string[]}
 */
export function trackedFiles() {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { encoding: 'utf8' });
  return listed.split('\0').filter((file) => file !== '' && existsSync(file));
}
