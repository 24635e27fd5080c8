-- A page is cut from a stretch of seqs that is long enough for it, so that of a long history only the months are read
-- that lie there. A stretch that held too little is taken longer.

create function atlas.messages_between(
  me uuid, above bigint, upto bigint, downward boolean, most integer, months date[],
  out seqs bigint[], out weights integer[], out entities jsonb[], out cut boolean
)
language plpgsql volatile set search_path = ''
as $$
declare
  entity constant text := 'atlas.message_row(m.id, m.seq, m.text_clock, m.conversation, m.role, m.parent, m.attempt, m.text,
    m.pos, m.received_at)';
begin
  if upto - above <= least(most, 40) then
    -- So few fit in any page.
    execute format(
      'select array_agg(m.seq), array_agg(300 + octet_length(m.text)), array_agg(%s)
       from (%s) m where m.user_id = $1 and m.seq > $2 and m.seq <= $3',
      entity, atlas.messages_of(months))
    into seqs, weights, entities using me, above, upto;
    cut := false;
  else
    execute format(
      'select array_agg(m.seq), array_agg(m.weight), array_agg(%s), count(*) = $4 or coalesce(max(m.total) > 4000000, false)
       from (
         select p.*, sum(p.weight) over (order by p.seq %s) as total
         from (
           select m.*, 300 + octet_length(m.text) as weight
           from (%s) m where m.user_id = $1 and m.seq > $2 and m.seq <= $3
           order by m.seq %2$s limit $4
         ) p
       ) m
       where m.total - m.weight <= 4000000',
      entity, case when downward then 'desc' else 'asc' end, atlas.messages_of(months))
    into seqs, weights, entities, cut using me, above, upto, most;
  end if;
end
$$;
comment on function atlas.messages_between(uuid, bigint, bigint, boolean, integer, date[]) is
  'Messages of these months with a seq above one and up to another, as many as a page takes from its end, and whether it was cut there.';

-- A page is 4 MB at most and is sorted in memory.
create function atlas.page(
  me uuid, above bigint, upto bigint, downward boolean, most integer, results jsonb,
  out changes jsonb, out last bigint, out full_page boolean
)
language plpgsql volatile set search_path = '' set work_mem = '24MB'
as $$
declare
  months date[];
  seqs bigint[];
  weights integer[];
  entities jsonb[];
  cut boolean := false;
begin
  select array_agg(d.month) into months
  from atlas.months d where d.user_id = me and d.highest > above and d.lowest <= upto;
  if months is not null then
    select m.seqs, m.weights, m.entities, m.cut into seqs, weights, entities, cut
    from atlas.messages_between(me, above, upto, downward, most, months) m;
    if cut then
      above := case when downward then (select min(s) - 1 from unnest(seqs) s) else above end;
      upto := case when downward then upto else (select max(s) from unnest(seqs) s) end;
    end if;
  end if;

  with known as materialized (
    select r.result ->> 'id' as id, (r.result ->> 'seq')::bigint as seq
    from jsonb_array_elements(results) as r (result)
    where r.result ? 'seq'
  ),
  page as materialized (
    select p.*, sum(p.weight) over w as total, row_number() over w as nth
    from (
      select c.seq, 500 as weight, atlas.conversation_row(c) as entity
      from atlas.conversations c where c.user_id = me and c.seq > page.above and c.seq <= page.upto
      union all
      select t.seq, 100, jsonb_build_object('kind', t.kind, 'id', t.id, 'seq', t.seq, 'gone', true)
      from atlas.tombstones t where not downward and t.user_id = me and t.seq > page.above and t.seq <= page.upto
      union all
      select m.seq, m.weight, m.entity from unnest(seqs, weights, entities) as m (seq, weight, entity)
    ) p
    window w as (order by case when downward then -p.seq else p.seq end)
  )
  select coalesce(jsonb_agg(p.entity order by p.nth) filter (
      where results = '[]' or not exists (select from known k where k.id = p.entity ->> 'id' and k.seq = p.seq)), '[]'),
    case when downward then min(p.seq) else max(p.seq) end,
    count(*) = most or coalesce(max(p.total) > 4000000, false) or cut
  into changes, last, full_page
  from page p
  where p.nth <= most and p.total - p.weight <= 4000000;
end
$$;
comment on function atlas.page(uuid, bigint, bigint, boolean, integer, jsonb) is
  'The next page of a stretch of seqs, from its low end or its high one, and whether it is full; pages end at 4 MB too. Tombstones are left out downward.';

create or replace function atlas.pull(
  me uuid, head bigint, most integer, results jsonb, inout stand jsonb, out changes jsonb, out more boolean
)
language plpgsql set search_path = ''
as $$
declare
  seq bigint := least((stand ->> 'seq')::numeric::bigint, head);
  floor bigint := case when jsonb_typeof(stand) = 'object' then (stand ->> 'floor')::numeric::bigint else head + 1 end;
  upto bigint;
  stretch bigint := 4 * most::bigint + 1000;
  page record;
begin
  changes := '[]';
  if floor is null then
    while seq < head loop
      select p.* into page from atlas.page(me, seq, least(head, seq + stretch), false, most, results) p;
      exit when page.full_page or seq + stretch >= head;
      stretch := stretch * 8;
    end loop;
    if seq < head then
      changes := page.changes;
      seq := case when page.full_page then page.last else head end;
    end if;
    more := seq < head;
  else
    upto := least(floor, seq + 1) - 1;
    floor := null;
    while upto > 0 loop
      select p.* into page from atlas.page(me, greatest(0, upto - stretch), upto, true, most, results) p;
      exit when page.full_page or upto - stretch <= 0;
      stretch := stretch * 8;
    end loop;
    if upto > 0 then
      changes := page.changes;
      floor := case when page.full_page then page.last end;
    end if;
    more := floor is not null or seq < head;
  end if;
  stand := jsonb_build_object('seq', seq, 'floor', floor);
end
$$;

drop function atlas.page_upward(uuid, bigint, bigint, integer);
drop function atlas.page_downward(uuid, bigint, integer);
drop function atlas.rows_between(uuid, bigint, bigint, boolean, jsonb);

revoke all on function
  atlas.messages_between(uuid, bigint, bigint, boolean, integer, date[]),
  atlas.page(uuid, bigint, bigint, boolean, integer, jsonb)
from public, anon, authenticated, service_role;
grant execute on function
  atlas.messages_between(uuid, bigint, bigint, boolean, integer, date[]),
  atlas.page(uuid, bigint, bigint, boolean, integer, jsonb)
to atlas_api;
