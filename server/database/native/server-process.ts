import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode, Refusal } from '../../refusal.ts';
import { endPostgres } from './leftover.ts';
import type { Owner } from './owner.ts';
import type { Programs } from './programs.ts';

export interface ServerProcess {
  port: number;
  /** Ends it. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  programs: Programs;
  folder: string;
  owner: Owner | null;
  /** It ended without being asked to. */
  died(): void;
}

const patience = 30_000;

/**
 * Starts PostgreSQL on a free port of the loopback address and waits until it takes connections. A port that was taken in
 * between, or the memory of a killed server that is not given back yet, is waited for.
 */
export async function startServer(options: ServerOptions, wantedPort?: number): Promise<ServerProcess | Refusal> {
  for (const end = Date.now() + patience; ; await pause(100)) {
    const port = wantedPort ?? (await freePort());
    const started = await startOnce(options, port);
    if (typeof started !== 'string') return { port, stop: () => stopServer(started) };
    const passing = /Address already in use|shared memory block|is another postmaster/i.test(started);
    if (!passing || Date.now() > end) {
      return new Refusal('database', `PostgreSQL does not start in ${options.folder}: ${started}.`);
    }
  }
}

/** The running process, or what it said when it ended. */
async function startOnce(options: ServerOptions, port: number): Promise<ChildProcess | string> {
  const { folder, owner, programs } = options;
  const child = spawn(programs.postgres, ['-D', folder, '-p', String(port), ...flags()], {
    ...owner,
    cwd: folder,
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C reaches every process of the terminal's group, and the database has to outlive the last request.
    detached: true,
  });
  let said = '';
  let ended = false;
  let ready = false;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000);
  });
  child.once('error', (error) => {
    said += error.message;
    ended = true;
  });
  child.once('close', () => {
    ended = true;
    if (ready && !stopping.has(child)) options.died();
  });
  while (!ended) {
    if (await takesConnections(folder, child.pid)) {
      ready = true;
      return child;
    }
    await pause(15);
  }
  return lastWords(said);
}

const stopping = new WeakSet<ChildProcess>();

async function stopServer(child: ChildProcess): Promise<void> {
  stopping.add(child);
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) await endPostgres(child.pid);
}

function flags(): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '50',
    lc_messages: 'C',
    // What people wrote stays out of the log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_min_messages: 'log',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** PostgreSQL writes its state into the eighth line of its pid file. */
async function takesConnections(folder: string, pid: number | undefined): Promise<boolean> {
  try {
    const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function lastWords(said: string): string {
  const lines = said.trim().split('\n');
  const fatal = lines
    .filter((line) => /FATAL|PANIC|HINT/.test(line))
    .map((line) => line.replace(/^.*?(FATAL|PANIC|HINT): */, ''));
  return (fatal.length > 0 ? fatal.join(' ') : (lines.at(-1) ?? '')).trim() || 'it ended without a word';
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
