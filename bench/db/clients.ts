import type { Sql } from './open-server.ts';
import { frameOf, openWire, type WireConnection } from './wire-connection.ts';

/**
 * Connections that call functions as a signed-in user: role and claims, then the function, in one transaction and one round
 * trip. Whom to tell of a change is left to the caller, as our server has it.
 */
export interface Clients {
  /** Calls the function of this name by that user; the answer, if it is wanted. */
  call(client: number, name: string, user: string, parameter: string | null, wanted?: boolean): Promise<string>;
  close(): void;
}

/** Opens so many connections to a database, with the functions prepared on each: a name and the expression it stands for. */
export async function openClients(
  port: number,
  database: string,
  count: number,
  functions: Record<string, string>,
): Promise<Clients> {
  const connections = await Promise.all(Array.from({ length: count }, () => openWire(port, database)));
  for (const connection of connections) {
    await connection.prepare(
      'become',
      `select set_config('role', 'authenticated', true), set_config('request.jwt.claims', $1, true),
         set_config('atlas.pokes', 'caller', true)`,
    );
    for (const [name, expression] of Object.entries(functions)) await connection.prepare(name, `select ${expression}`);
  }
  return {
    call: (client, name, user, parameter, wanted) => {
      const called: [string, ...string[]] = parameter === null ? [name] : [name, parameter];
      return at(connections, client).send(frameOf([['become', claims(user)], called]), wanted);
    },
    close: () => {
      for (const connection of connections) connection.close();
    },
  };
}

/** What the token of a user says. */
export function claims(user: string): string {
  return JSON.stringify({ sub: user, role: 'authenticated' });
}

/** Lets the work act as the user in a transaction of its own, for what is looked at and not timed. */
export function asUser<T>(sql: Sql, user: string, work: (session: Sql) => Promise<T>): Promise<T> {
  return sql.begin(async (transaction) => {
    await transaction`
      select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ${claims(user)}, true)`;
    return work(transaction as unknown as Sql);
  }) as Promise<T>;
}

function at(connections: WireConnection[], client: number): WireConnection {
  const connection = connections[client];
  if (connection === undefined) throw new Error(`there is no client ${client}`);
  return connection;
}
