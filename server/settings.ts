import { resolve } from 'node:path';
import * as v from 'valibot';
import { TierSchema } from '../contract/wire.ts';
import { Refusal } from './refusal.ts';

const port = v.pipe(v.string(), v.regex(/^\d{1,5}$/), v.transform(Number), v.maxValue(65_535));
const host = v.pipe(v.string(), v.regex(/^([0-9a-zA-Z._-]+|[0-9a-fA-F:.]+(%[0-9a-zA-Z._-]+)?)$/));
const postgresUrl = v.pipe(
  v.string(),
  v.check((text) => URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)),
);

/** Each variable of the environment that Atlas listens to, and what it must be in words. */
const variables = {
  PORT: { schema: port, wish: 'a whole number from 0 to 65535 (0 takes any free port)' },
  HOST: { schema: host, wish: 'a host name or an IP address' },
  ATLAS_DATA_DIR: { schema: v.string(), wish: 'a folder' },
  DATABASE_URL: { schema: postgresUrl, wish: 'an address like postgres://user:password@host:5432/database' },
  ATLAS_DATABASE: { schema: v.picklist(['postgres', 'pglite']), wish: 'postgres or pglite' },
  ATLAS_DEFAULT_TIER: { schema: TierSchema, wish: 'free, core or studio' },
} as const;

type Variables = { [Name in keyof typeof variables]?: v.InferOutput<(typeof variables)[Name]['schema']> };

export interface Settings {
  port: number;
  /** null: the loopback addresses. */
  host: string | null;
  dataDir: string;
  databaseUrl: string | null;
  /** null: what the data folder holds already, else native PostgreSQL where it can run. */
  database: 'postgres' | 'pglite' | null;
  defaultTier: v.InferOutput<typeof TierSchema>;
}

/** What the environment asks for, or a sentence that names the first wrong value. */
export function readSettings(environment: Record<string, string | undefined>): Settings | Refusal {
  const given: Record<string, unknown> = {};
  for (const [name, { schema, wish }] of Object.entries(variables)) {
    const text = environment[name]?.trim();
    if (text === undefined || text === '') continue;
    const parsed = v.safeParse(schema, text);
    // A database's address may hold a password, so its value is not repeated.
    const value = name === 'DATABASE_URL' ? '' : `, but is "${text}"`;
    if (!parsed.success) return new Refusal('setting', `${name} must be ${wish}${value}.`);
    given[name] = parsed.output;
  }
  const known: Variables = given;
  if (known.DATABASE_URL !== undefined && known.ATLAS_DATABASE !== undefined) {
    return new Refusal(
      'setting',
      'DATABASE_URL and ATLAS_DATABASE are both set, and each names a database: unset one.',
    );
  }
  return {
    port: known.PORT ?? 4321,
    host: known.HOST ?? null,
    dataDir: resolve(known.ATLAS_DATA_DIR ?? '.atlas'),
    databaseUrl: known.DATABASE_URL ?? null,
    database: known.ATLAS_DATABASE ?? null,
    defaultTier: known.ATLAS_DEFAULT_TIER ?? 'studio',
  };
}
