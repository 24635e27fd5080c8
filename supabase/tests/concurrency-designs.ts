import type postgres from 'postgres';

export type Sql = postgres.Sql;
export type Transaction = postgres.TransactionSql;

/** A way of finding what changed since, with writers whose transactions stay open for a while. */
export interface Design {
  name: string;
  /** Writes new rows inside this transaction; gives their ids, or null if it was asked to come again. */
  write(tx: Transaction, rows: number): Promise<string[] | null>;
  newReader(place: number): Reader;
}

/** Reads on from where it stands. */
export interface Reader {
  read(sql: Sql): Promise<{ rows: { id: string; place: string }[]; more: boolean }>;
}

/** What the designs that do not work are made of; they are here to show that this harness sees it. */
const controls = `
  create schema harness;
  create table harness.by_timestamp (id uuid primary key, place timestamptz not null default now());
  create table harness.by_sequence (id uuid primary key, place bigint not null generated always as identity);`;

/** The two that lose rows: a cursor that is a time, and one that is the value of a plain sequence. */
export async function openControls(sql: Sql): Promise<Design[]> {
  await sql.unsafe(controls).simple();
  return [
    control('timestamp cursor', 'harness.by_timestamp', 'timestamptz', '-infinity'),
    control('plain sequence', 'harness.by_sequence', 'bigint', '0'),
  ];
}

function control(name: string, table: string, type: string, start: string): Design {
  return {
    name,
    async write(tx, rows) {
      const written = await tx.unsafe<{ id: string }[]>(
        `insert into ${table} (id) select gen_random_uuid() from generate_series(1, $1) returning id`,
        [rows],
      );
      return written.map((row) => row.id);
    },
    newReader: () => {
      let cursor = start;
      return {
        async read(sql) {
          const rows = await sql.unsafe<{ id: string; place: string }[]>(
            `select id::text, place::text from ${table} t where place > $1::text::${type} order by t.place`,
            [cursor],
          );
          cursor = rows.at(-1)?.place ?? cursor;
          return { rows: [...rows], more: rows.length > 0 };
        },
      };
    },
  };
}
