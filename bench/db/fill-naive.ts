import { readFile } from 'node:fs/promises';
import type { Sql } from './open-server.ts';

/** The same histories in the naive design, in a schema of this name, with a partition for each of so many months or with none. */
export async function fillNaive(sql: Sql, schema: string, months: number): Promise<void> {
  const source = (await readFile(new URL('./naive.sql', import.meta.url), 'utf8')).replaceAll('naive', schema);
  const plain = months === 0 ? source.replace(' partition by range (created_at)', '') : source;
  // Indexes are made when the rows are there, in a fraction of the time.
  const indexes = plain.match(/^create index [^;]*;$/gm) ?? [];
  await sql.unsafe(indexes.reduce((tables, index) => tables.replace(index, ''), plain)).simple();
  await sql.begin(async (filling) => {
    await filling`set local synchronous_commit = off`;
    await filling`set local session_replication_role = replica`;
    const table = (name: string) => filling`${filling(schema)}.${filling(name)}`;
    for (let ago = months - 1; ago >= 0; ago--) {
      const name = filling(`messages_${ago}_months_ago`);
      const [month] = await filling<{ low: string; high: string }[]>`
        select date_trunc('month', now() - make_interval(months => ${ago}))::text as low,
          date_trunc('month', now() - make_interval(months => ${ago - 1}))::text as high`;
      const low = ago === months - 1 ? 'minvalue' : `'${month?.low}'`;
      const high = ago === 0 ? 'maxvalue' : `'${month?.high}'`;
      await filling`
        create table ${filling(schema)}.${name} partition of ${table('messages')}
        for values from (${filling.unsafe(low)}) to (${filling.unsafe(high)})`;
    }
    await filling`
      insert into ${table('profiles')} (user_id, tier, updated_at)
      select p.user_id, p.tier, '2000-01-01' from atlas.profiles p`;
    await filling`
      insert into ${table('conversations')} (
        id, user_id, title, message_count, last_message_preview, created_at, updated_at)
      select c.id, c.user_id, c.title, c.message_count, c.last_message_preview, c.created_at, c.active_at
      from atlas.conversations c`;
    await filling`
      insert into ${table('messages')} (id, conversation_id, user_id, role, text, created_at, updated_at)
      select m.id, m.conversation, m.user_id, m.role, m.text, m.received_at, m.received_at from atlas.messages m`;
  });
  await sql.unsafe(indexes.join('\n')).simple();
  await sql.unsafe(
    `vacuum (analyze) ${['profiles', 'deletions', 'conversations', 'messages'].map((name) => `${schema}.${name}`).join(', ')}`,
  );
}

/** The same once more, keeping the statistics and limits that ours keeps. */
export async function fillNaiveWithStatistics(sql: Sql, schema: string, months: number): Promise<void> {
  await fillNaive(sql, schema, months);
  const source = await readFile(new URL('./naive-statistics.sql', import.meta.url), 'utf8');
  await sql.unsafe(source.replaceAll('naive', schema)).simple();
}
