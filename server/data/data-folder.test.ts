import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Refusal } from '../refusal.ts';
import { openDataFolder } from './data-folder.ts';
import { lockFolder, lockHolder } from './folder-lock.ts';
import { openKeys } from './keys.ts';
import { processStart } from './process-start.ts';

let parent: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'atlas-folder-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

async function opened(path: string) {
  const folder = await openDataFolder(path);
  if (folder instanceof Refusal) throw new Error(folder.sentence);
  return folder;
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

test('nobody else can list the data folder or read the keys', async () => {
  const { path } = await opened(join(parent, 'deep', 'data'));
  await openKeys(path);
  expect(await modeOf(join(path, 'keys.json'))).toBe('600');
  expect(['700', '711']).toContain(await modeOf(path));
});

test('the keys are made once', async () => {
  const { path } = await opened(join(parent, 'data'));
  const first = await openKeys(path);
  expect(await openKeys(path)).toEqual(first);
  expect(await openKeys(parent)).not.toEqual(first);
});

test('keys that cannot be read are not replaced by new ones', async () => {
  await writeFile(join(parent, 'keys.json'), '{"publishableKey":');
  expect(await openKeys(parent)).toBeInstanceOf(Refusal);
  expect(await readFile(join(parent, 'keys.json'), 'utf8')).toBe('{"publishableKey":');
});

test('keys that cannot be written are refused in one sentence, and nothing is left half written', async () => {
  await mkdir(join(parent, 'keys.json.new', 'in the way'), { recursive: true });
  const refused = await openKeys(parent).catch((error: unknown) => error);
  expect(refused).toMatchObject({
    code: 'unwritable',
    sentence: expect.stringMatching(/^Atlas cannot write its keys to /),
  });
  expect(await readdir(parent)).toEqual(['keys.json.new']);
});

test('a database whose keys are missing is not given new ones', async () => {
  await mkdir(join(parent, 'postgres'));
  expect(await openKeys(parent)).toMatchObject({ code: 'keys', sentence: expect.stringContaining('are missing: put') });
  expect(await readdir(parent)).toEqual(['postgres']);
});

test('a data folder of a newer Atlas is left alone', async () => {
  await writeFile(join(parent, 'version'), '999\n');
  const refused = await openDataFolder(parent);
  expect(refused).toMatchObject({ code: 'newer', sentence: expect.stringContaining('newer Atlas (data version 999') });
  expect(await readFile(join(parent, 'version'), 'utf8')).toBe('999\n');
});

test('a data folder that cannot be written to is named', async () => {
  await writeFile(join(parent, 'file'), '');
  for (const path of [join(parent, 'file'), join(parent, 'file', 'below'), '/proc/atlas']) {
    const refused = await openDataFolder(path);
    expect(refused).toMatchObject({ code: 'unwritable', sentence: expect.stringContaining(`data folder ${path} (`) });
  }
});

/** A process that lives until it is told otherwise. */
async function otherProcess() {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log(1)'], { stdio: 'pipe' });
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  return {
    pid,
    end: async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

test('a folder that another process holds is refused, and is free when that process is gone', async () => {
  const other = await otherProcess();
  const held = { pid: other.pid, began: processStart(other.pid), address: 'http://localhost:9' };
  await writeFile(join(parent, 'lock'), JSON.stringify(held));
  const refused = await openDataFolder(parent);
  expect(refused).toMatchObject({ code: 'locked', sentence: expect.stringContaining('at http://localhost:9)') });
  await other.end();
  await opened(parent);
});

test('a lock whose process id was given to another program since counts for nothing', async () => {
  const other = await otherProcess();
  await writeFile(join(parent, 'lock'), JSON.stringify({ pid: other.pid, began: 'long ago', address: null }));
  await opened(parent);
  await other.end();
});

test('a lock that was cut off while it was written counts for nothing', async () => {
  await writeFile(join(parent, 'lock'), '{"pid": 1');
  await opened(parent);
});

test('a released folder can be taken again, and tells where Atlas answered only while it is held', async () => {
  const lock = await lockFolder(parent);
  if (!('release' in lock)) throw new Error('held');
  await lock.announce('http://localhost:1');
  expect(JSON.parse(await readFile(join(parent, 'lock'), 'utf8'))).toMatchObject({ address: 'http://localhost:1' });
  await lock.release();
  expect(await lockHolder(parent)).toBeNull();
  await opened(parent);
});
