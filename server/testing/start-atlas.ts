import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const home = join(import.meta.dirname, '..', '..');

export interface AtlasOptions {
  env?: Record<string, string>;
  /** Kept afterwards; without one it is a new folder of its own that goes with `stop`. */
  dataDir?: string;
}

export interface RunningAtlas {
  address: string;
  dataDir: string;
  pid: number;
  /** What it has printed so far. */
  output(): string;
  /** Ends it as Ctrl-C does; resolves with its exit code when it is gone. */
  stop(): Promise<number | null>;
  /** Kills the server process as kill -9 does; its database process is left over. */
  kill(): Promise<void>;
}

/** The built server as a process of its own, on a free port. Rebuilds the server first if its sources changed. */
export async function startAtlas(options: AtlasOptions = {}): Promise<RunningAtlas> {
  const ownFolder = options.dataDir === undefined;
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const started = spawnAtlas({ ATLAS_DATA_DIR: dataDir, ...options.env });
  const address = await firstAddress(started);
  return {
    address,
    dataDir,
    pid: started.child.pid ?? 0,
    output: started.output,
    async stop() {
      const code = await endProcess(started.child, 'SIGINT');
      if (ownFolder) await rm(dataDir, { recursive: true, force: true });
      return code;
    },
    async kill() {
      await endProcess(started.child, 'SIGKILL');
    },
  };
}

/** A start that is expected to be refused: what it wrote to stderr and its exit code. */
export async function refusedStart(env: Record<string, string>): Promise<{ code: number | null; error: string }> {
  const { child, errors } = spawnAtlas(env);
  const [code] = await once(child, 'close');
  return { code, error: errors() };
}

/** A new folder that the database's own user may enter. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-test-'));
  await chmod(folder, 0o711);
  return folder;
}

interface Spawned {
  child: ChildProcess;
  output: () => string;
  errors: () => string;
}

function spawnAtlas(env: Record<string, string>): Spawned {
  const built = spawnSync(process.execPath, [join(home, 'scripts', 'build.mjs'), 'server'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the server could not be built: ${built.stderr}`);
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [join(home, 'dist', 'server', 'main.js')], {
    cwd: tmpdir(),
    env: { PATH, HOME, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let wrong = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    wrong += text;
  });
  return { child, output: () => said, errors: () => wrong };
}

function firstAddress({ child, output }: Spawned): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', () => {
      const address = /running at (http:\/\/\S+)/.exec(output())?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('close', (code) => reject(new Error(`Atlas did not start (${code}): ${output()}`)));
  });
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill(signal);
  await once(child, 'close');
  return child.exitCode;
}
