import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generateApiKey } from '@supabase/lite';
import * as v from 'valibot';
import { errorCode, Refusal } from '../refusal.ts';
import { exists } from './exists.ts';

const secret = v.pipe(v.string(), v.minLength(32));

const KeysSchema = v.object({
  /** Goes to every browser; names the app, opens nothing by itself. */
  publishableKey: v.pipe(v.string(), v.startsWith('sb_publishable_')),
  /** Opens everything; for scripts on this machine. */
  secretKey: v.pipe(v.string(), v.startsWith('sb_secret_')),
  /** Signs access tokens; a new one signs everybody out. */
  jwtSecret: secret,
  /** Of the embedded PostgreSQL. */
  databasePassword: secret,
});
export type Keys = v.InferOutput<typeof KeysSchema>;

const fileName = 'keys.json';

/** The keys of this data folder, made on the first start. */
export async function openKeys(folder: string): Promise<Keys | Refusal> {
  const known = await readKeys(folder);
  if (known !== null) return known;
  const path = join(folder, fileName);
  if (await exists(join(folder, 'postgres'))) {
    // New ones would not open the database that is there.
    return new Refusal('keys', `The keys of the data in ${folder} are missing: put ${path} back from a backup.`);
  }
  const keys: Keys = {
    publishableKey: (await generateApiKey('publishable')).key,
    secretKey: (await generateApiKey('secret')).key,
    jwtSecret: randomBytes(48).toString('base64url'),
    databasePassword: randomBytes(32).toString('base64url'),
  };
  try {
    await writePrivate(path, `${JSON.stringify(keys, null, 2)}\n`);
    return keys;
  } catch (error) {
    const code = errorCode(error);
    if (code === null) throw error;
    return new Refusal(
      'unwritable',
      `Atlas cannot write its keys to ${path} (${code}): make room or set ATLAS_DATA_DIR.`,
    );
  }
}

/** The keys of this data folder, or null where there are none yet. */
export async function readKeys(folder: string): Promise<Keys | Refusal | null> {
  const path = join(folder, fileName);
  try {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), KeysSchema), await readFile(path, 'utf8'));
    if (parsed.success) return parsed.output;
    return new Refusal('keys', `The keys in ${path} cannot be read: put the file back from a backup.`);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Whole and for good, or not at all: what the keys open is worth nothing without them. */
async function writePrivate(path: string, content: string): Promise<void> {
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** A new name outlives a power cut when its folder was written too. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
