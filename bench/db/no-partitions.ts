import { readFile } from 'node:fs/promises';
import type { Sql } from './open-server.ts';

/** Puts messages into one table, read as they would be then. Throws when what it replaces is not there: the comparison would be one with itself. */
export async function leaveNoPartitions(sql: Sql): Promise<void> {
  await sql.unsafe(await readFile(new URL('./no-partitions.sql', import.meta.url), 'utf8')).simple();
  // Nobody would look up months then, nor call a function for each.
  await change(
    sql,
    'pull_page',
    /select array_agg\(d\.month\) into months\s+from atlas\.months d where [^;]*;/,
    `months := array['-infinity'::date];`,
  );
  await change(
    sql,
    'few_since',
    /select array_agg\(d\.month\) into months\s+from atlas\.months d where [^;]*;/,
    `months := array['-infinity'::date];`,
  );
  await change(
    sql,
    'few_of_month',
    /case month[\s\S]*end case;/,
    `return (
       select coalesce(json_agg(p.entity order by p.seq), '[]')
       from (
         select m.seq, atlas.message_json(m.id, m.seq, m.text_clock, m.conversation, m.role, m.parent, m.attempt, m.text, m.pos,
           m.received_at) as entity
         from atlas.messages m where m.user_id = me and m.seq > above and m.seq <= upto
         union all
         select c.seq, atlas.conversation_json(c)
         from atlas.conversations c where c.user_id = me and c.seq > above and c.seq <= upto
         union all
         select t.seq, json_build_object('kind', t.kind, 'id', t.id, 'seq', t.seq, 'gone', true)
         from atlas.tombstones t where t.user_id = me and t.seq > above and t.seq <= upto
       ) p
     );`,
  );
  await change(
    sql,
    'few_between',
    /foreach month in [\s\S]* end loop;/,
    `select array_agg(m.seq), array_agg(atlas.message_json(m.id, m.seq, m.text_clock, m.conversation, m.role, m.parent, m.attempt,
       m.text, m.pos, m.received_at))
     into seqs, entities
     from atlas.messages m where m.user_id = me and m.seq > above and m.seq <= upto;`,
  );
  await change(
    sql,
    'find_messages',
    /for month in [\s\S]* end loop;/,
    `return query select m.id, atlas.message_row(m.id, m.seq, m.text_clock, m.conversation, m.role, m.parent, m.attempt,
       m.text, m.pos, m.received_at)
     from atlas.messages m where m.user_id = me and m.id = any (ids);`,
  );
}

async function change(sql: Sql, name: string, pattern: RegExp, replacement: string): Promise<void> {
  const [found] = await sql<{ source: string }[]>`
    select pg_get_functiondef(oid) as source from pg_catalog.pg_proc
    where pronamespace = 'atlas'::regnamespace and proname = ${name}`;
  if (found === undefined || !pattern.test(found.source))
    throw new Error(`atlas.${name} does not read months as it did`);
  await sql.unsafe(found.source.replace(pattern, () => replacement)).simple();
}
