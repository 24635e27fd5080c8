-- A page is some megabytes, and every step that hands it on takes them in hand again: one statement reads it, puts it in
-- order, cuts it and puts it together.

create function atlas.page_query(months date[], downward boolean) returns text
language plpgsql volatile set search_path = ''
as $$
begin
  return format(
    'select coalesce(json_agg(coalesce(p.entity, atlas.message_json(p.id, p.seq, p.text_clock, p.conversation, p.role, p.parent,
         p.attempt, p.text, p.pos, p.received_at))) filter (
         where $5 = ''[]'' or not exists (
           select from jsonb_array_elements($5) as r (result)
           where (r.result ->> ''seq'')::bigint = p.seq and r.result ->> ''id'' = coalesce(p.entity ->> ''id'', p.id::text))), ''[]''),
       %3$s(p.seq), count(*) = $4 or coalesce(max(p.total) > 4000000, false)
     from (
       select a.*, sum(a.weight) over w as total, row_number() over w as nth
       from (
         (select c.seq, 500 as weight, atlas.conversation_json(c) as entity, null::uuid as id, null::text as text_clock,
            null::uuid as conversation, null::text as role, null::uuid as parent, null::integer as attempt, null::text as text,
            null::bigint as pos, null::timestamptz as received_at
          from atlas.conversations c where c.user_id = $1 and c.seq > $2 and c.seq <= $3 order by c.seq %2$s limit $4)
         %4$s %1$s
       ) a
       window w as (order by a.seq %2$s rows unbounded preceding)
     ) p
     where p.nth <= $4 and p.total - p.weight <= 4000000',
    case when months is not null then format(
      'union all
       (select m.seq, 300 + octet_length(m.text), null::json, m.id, m.text_clock::text, m.conversation, m.role, m.parent, m.attempt,
          m.text, m.pos, m.received_at
        from (%s) m where m.user_id = $1 and m.seq > $2 and m.seq <= $3 order by m.seq %s limit $4)',
      atlas.messages_of(months), case when downward then 'desc' else 'asc' end) end,
    case when downward then 'desc' else 'asc' end,
    case when downward then 'min' else 'max' end,
    case when not downward then
      'union all
       (select t.seq, 100, json_build_object(''kind'', t.kind, ''id'', t.id, ''seq'', t.seq, ''gone'', true), null, null, null, null,
          null, null, null, null, null
        from atlas.tombstones t where t.user_id = $1 and t.seq > $2 and t.seq <= $3 order by t.seq limit $4)' end);
end
$$;
comment on function atlas.page_query(date[], boolean) is
  'The statement that reads a page with messages of these months, from the low end of a stretch of seqs or from its high one: the rows without what a result carries, the last seq, and whether it is full. Pages end at 4 MB too; tombstones are left out downward.';

create or replace function atlas.pull_page(
  me uuid, head bigint, most integer, results jsonb, inout stand jsonb, out changes json, out more boolean
)
language plpgsql set search_path = '' set work_mem = '32MB'
as $$
declare
  seq bigint := least((stand ->> 'seq')::numeric::bigint, head);
  floor bigint := case when jsonb_typeof(stand) = 'object' then (stand ->> 'floor')::numeric::bigint else head + 1 end;
  downward constant boolean := floor is not null;
  above bigint;
  upto bigint;
  stretch bigint := 4 * most::bigint + 1000;
  months date[];
  last bigint;
  full_page boolean := false;
begin
  changes := '[]';
  if downward then
    upto := least(floor, seq + 1) - 1;
    above := greatest(0, upto - stretch);
  else
    above := seq;
    upto := least(head, seq + stretch);
  end if;
  -- A stretch that holds too little for a page is taken longer.
  while upto > above loop
    select array_agg(d.month) into months
    from atlas.months d where d.user_id = me and d.highest > above and d.lowest <= upto;
    execute atlas.page_query(months, downward) into changes, last, full_page using me, above, upto, most, results;
    exit when full_page or case when downward then above = 0 else upto = head end;
    stretch := stretch * 8;
    if downward then
      above := greatest(0, upto - stretch);
    else
      upto := least(head, seq + stretch);
    end if;
  end loop;
  if downward then
    floor := case when full_page then last end;
    more := floor is not null or seq < head;
  else
    seq := case when full_page then last else head end;
    more := seq < head;
  end if;
  stand := jsonb_build_object('seq', seq, 'floor', floor);
end
$$;

drop function atlas.page(uuid, bigint, bigint, boolean, integer, jsonb);
drop function atlas.many_between(uuid, bigint, bigint, boolean, integer, jsonb, date[]);
drop function atlas.messages_between(uuid, bigint, bigint, boolean, integer, date[]);
revoke all on function atlas.page_query(date[], boolean) from public, anon, authenticated, service_role;
grant execute on function atlas.page_query(date[], boolean) to atlas_api;
