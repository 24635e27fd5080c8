import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { generateApiKey } from '@supabase/lite';
import * as v from 'valibot';
import { errorCode, Refusal } from '../refusal.ts';

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
  const keys: Keys = {
    publishableKey: (await generateApiKey('publishable')).key,
    secretKey: (await generateApiKey('secret')).key,
    jwtSecret: randomBytes(48).toString('base64url'),
    databasePassword: randomBytes(32).toString('base64url'),
  };
  await writePrivate(join(folder, fileName), `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
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

async function writePrivate(path: string, content: string): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  await file.chmod(0o600);
  await file.writeFile(content);
  await file.sync();
  await file.close();
  await rename(draft, path);
}
