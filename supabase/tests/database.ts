import { readdir, readFile } from 'node:fs/promises';
import type { Engine, Session } from './engine.ts';

/** What a call answers over HTTP: the status, and the body as JSON. */
export interface Answered {
  status: number;
  body: unknown;
}

/** Somebody who calls with a token, or without one. */
export interface Caller {
  sync(request: unknown): Promise<Answered>;
  query(sql: string, values?: (string | number | null)[]): Promise<Record<string, unknown>[]>;
}

export interface Database {
  asUser(id: string): Caller;
  asAnon(): Caller;
  asService(): Caller;
  /** The superuser, to look behind the scenes. */
  look(sql: string, values?: (string | number | null)[]): Promise<Record<string, unknown>[]>;
  /** A new account on a tier with sync. */
  signUp(email?: string): Promise<string>;
  /** What the auth service does when an account is deleted. */
  deleteAccount(id: string): Promise<void>;
  /** A caller's transaction with room for more than the call. */
  hold<T>(
    user: string,
    work: (session: Session, sync: (request: unknown) => Promise<Answered>) => Promise<T>,
  ): Promise<T>;
  close(): Promise<void>;
}

const migrationsFolder = new URL('../migrations/', import.meta.url);

/** The migrations in the order in which they are applied. */
export async function migrations(): Promise<{ name: string; sql: string }[]> {
  const names = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => ({ name, sql: await readFile(new URL(name, migrationsFolder), 'utf8') })),
  );
}

async function prepare(
  engine: Engine,
  beforeMigrations: ((session: Session) => Promise<void>) | undefined,
  last: string | undefined,
): Promise<void> {
  const hosted = await readFile(new URL('./hosted-project.sql', import.meta.url), 'utf8');
  await engine.transaction((session) => session.script(hosted));
  if (beforeMigrations !== undefined) await engine.transaction(beforeMigrations);
  await migrate(engine, '', last);
}

/** Applies the migrations after this one, up to the `last` one, by the migration role, who is no superuser. */
export async function migrate(engine: Engine, after: string, last = '~'): Promise<void> {
  for (const { name, sql } of await migrations()) {
    if (name <= after || name > last) continue;
    await engine.transaction(async (session) => {
      await session.script('set local role project_owner');
      await session.script(sql);
    });
  }
}

/** A project like a hosted one with the migrations applied, all of them or up to the `last` one. */
export async function openDatabase(
  engine: Engine,
  beforeMigrations?: (session: Session) => Promise<void>,
  last?: string,
): Promise<Database> {
  try {
    await prepare(engine, beforeMigrations, last);
  } catch (error) {
    await engine.close();
    throw error;
  }

  async function become(session: Session, role: string, claims: object | null): Promise<void> {
    await session.query(`select set_config('request.jwt.claims', $1, true), set_config('role', $2, true)`, [
      claims === null ? '' : JSON.stringify(claims),
      role,
    ]);
  }

  /** Earlier versions take the request itself, and a database that is upgraded changes on the way. */
  async function isOfBefore(session: Session): Promise<boolean> {
    if (last === undefined) return false;
    const [found] = await session.query(`select to_regprocedure('public.sync(jsonb)') is not null as is`);
    return found?.is === true;
  }

  async function callSync(session: Session, request: unknown): Promise<Answered> {
    const [answer] = (await isOfBefore(session))
      ? await session.query('select public.sync($1::text::jsonb)::text as body', [JSON.stringify(request)])
      : await session.query('select public.sync($1::text::json)::text as body', [JSON.stringify({ request })]);
    const [response] = await session.query(`select current_setting('response.status', true) as status`);
    return { status: Number(response?.status || 200), body: JSON.parse(String(answer?.body)) };
  }

  function caller(role: string, claims: object | null): Caller {
    function within<T>(work: (session: Session) => Promise<T>): Promise<T> {
      return engine.transaction(async (session) => {
        await become(session, role, claims);
        return work(session);
      });
    }
    return {
      sync: (request) => within((session) => callSync(session, request)),
      query: (sql, values) => within((session) => session.query(sql, values)),
    };
  }

  const asService = () => caller('service_role', { role: 'service_role' });
  let accounts = 0;
  return {
    asUser: (id) => caller('authenticated', { sub: id, role: 'authenticated' }),
    asAnon: () => caller('anon', null),
    asService,
    look: (sql, values) => engine.transaction((session) => session.query(sql, values)),
    signUp: async (email = `user-${++accounts}@example.com`) => {
      const [user] = await engine.transaction(async (session) => {
        await become(session, 'supabase_auth_admin', null);
        return session.query('insert into auth.users (email) values ($1) returning id', [email]);
      });
      await asService().query(`select public.set_tier($1, 'studio')`, [email]);
      return String(user?.id);
    },
    deleteAccount: (id) =>
      engine.transaction(async (session) => {
        await become(session, 'supabase_auth_admin', null);
        await session.query('delete from auth.users where id = $1', [id]);
      }),
    hold: (user, work) =>
      engine.transaction(async (session) => {
        await become(session, 'authenticated', { sub: user, role: 'authenticated' });
        return work(session, (request) => callSync(session, request));
      }),
    close: () => engine.close(),
  };
}
