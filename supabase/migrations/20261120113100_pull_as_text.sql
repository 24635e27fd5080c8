-- Pages are put together as text: nothing in megabytes of JSON is taken apart and built again on its way.

drop function atlas.messages_between(uuid, bigint, bigint, boolean, integer, date[]);
create function atlas.messages_between(
  me uuid, above bigint, upto bigint, downward boolean, most integer, months date[],
  out seqs bigint[], out weights integer[], out entities json[], out cut boolean
)
language plpgsql volatile set search_path = ''
as $$
begin
  execute format(
    'select array_agg(m.seq), array_agg(m.weight),
       array_agg(atlas.message_json(m.id, m.seq, m.text_clock, m.conversation, m.role, m.parent, m.attempt, m.text, m.pos,
         m.received_at)),
       count(*) = $4 or coalesce(max(m.total) > 4000000, false)
     from (
       select p.*, sum(p.weight) over (order by p.seq %s rows unbounded preceding) as total
       from (
         select m.*, 300 + octet_length(m.text) as weight
         from (%s) m where m.user_id = $1 and m.seq > $2 and m.seq <= $3
         order by m.seq %1$s limit $4
       ) p
     ) m
     where m.total - m.weight <= 4000000',
    case when downward then 'desc' else 'asc' end, atlas.messages_of(months))
  into seqs, weights, entities, cut using me, above, upto, most;
end
$$;
comment on function atlas.messages_between(uuid, bigint, bigint, boolean, integer, date[]) is
  'Messages of these months with a seq above one and up to another, as many as a page takes from its end, and whether it was cut there.';

create function atlas.few_between(
  me uuid, above bigint, upto bigint, downward boolean, results jsonb, months date[]
) returns json
language plpgsql volatile set search_path = ''
as $$
declare
  month date;
  seqs bigint[];
  entities json[];
  here record;
begin
  foreach month in array coalesce(months, '{}') loop
    if atlas.has_table(month) then
      execute format('select r.seqs, r.entities from atlas.%I($1, $2, $3) r', 'read_' || atlas.month_table(month))
      into here using me, above, upto;
    else
      -- As find_messages does.
      execute format(
        'select array_agg(m.seq) as seqs, array_agg(atlas.message_json(m.id, m.seq, m.text_clock, m.conversation, m.role,
           m.parent, m.attempt, m.text, m.pos, m.received_at)) as entities
         from (%s) m where m.user_id = $1 and m.seq > $2 and m.seq <= $3',
        atlas.messages_of(array[month]))
      into here using me, above, upto;
    end if;
    seqs := seqs || here.seqs;
    entities := entities || here.entities;
  end loop;
  return (
    select coalesce(json_agg(p.entity order by case when downward then -p.seq else p.seq end), '[]')
    from (
      select c.seq, atlas.conversation_json(c) as entity
      from atlas.conversations c where c.user_id = me and c.seq > above and c.seq <= upto
      union all
      select t.seq, json_build_object('kind', t.kind, 'id', t.id, 'seq', t.seq, 'gone', true)
      from atlas.tombstones t where not downward and t.user_id = me and t.seq > above and t.seq <= upto
      union all
      select m.seq, m.entity from unnest(seqs, entities) as m (seq, entity)
    ) p
    where results = '[]' or not exists (
      select from jsonb_array_elements(results) as r (result)
      where (r.result ->> 'seq')::bigint = p.seq and r.result ->> 'id' = p.entity ->> 'id')
  );
end
$$;
comment on function atlas.few_between(uuid, bigint, bigint, boolean, jsonb, date[]) is
  'A stretch of seqs that is so short that all of it fits in any page, without what a result of the same answer carries.';

-- A page is some megabytes: sorted in memory and not on the disk.
drop function atlas.page(uuid, bigint, bigint, boolean, integer, jsonb);
create function atlas.many_between(
  me uuid, above bigint, upto bigint, downward boolean, most integer, results jsonb, months date[],
  out changes json, out last bigint, out full_page boolean
)
language plpgsql volatile set search_path = '' set work_mem = '32MB'
as $$
declare
  seqs bigint[];
  weights integer[];
  entities json[];
  cut boolean := false;
begin
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
    from jsonb_array_elements(results) as r (result) where r.result ? 'seq'
  ),
  page as (
    select p.*, sum(p.weight) over w as total, row_number() over w as nth
    from (
      select c.seq, 500 as weight, atlas.conversation_json(c) as entity
      from atlas.conversations c where c.user_id = me and c.seq > many_between.above and c.seq <= many_between.upto
      union all
      select t.seq, 100, json_build_object('kind', t.kind, 'id', t.id, 'seq', t.seq, 'gone', true)
      from atlas.tombstones t
      where not downward and t.user_id = me and t.seq > many_between.above and t.seq <= many_between.upto
      union all
      select m.seq, m.weight, m.entity from unnest(seqs, weights, entities) as m (seq, weight, entity)
    ) p
    window w as (order by case when downward then -p.seq else p.seq end rows unbounded preceding)
  )
  select coalesce(json_agg(p.entity order by p.nth) filter (
      where not exists (select from known k where k.seq = p.seq and k.id = p.entity ->> 'id')), '[]'),
    case when downward then min(p.seq) else max(p.seq) end,
    count(*) = most or coalesce(max(p.total) > 4000000, false) or cut
  into changes, last, full_page
  from page p
  where p.nth <= most and p.total - p.weight <= 4000000;
end
$$;
comment on function atlas.many_between(uuid, bigint, bigint, boolean, integer, jsonb, date[]) is
  'The next page of a stretch of seqs, from its low end or its high one, and whether it is full; pages end at 4 MB too.';

create function atlas.page(
  me uuid, above bigint, upto bigint, downward boolean, most integer, results jsonb,
  out changes json, out last bigint, out full_page boolean
)
language plpgsql volatile set search_path = ''
as $$
declare
  months date[];
begin
  select array_agg(d.month) into months
  from atlas.months d where d.user_id = me and d.highest > above and d.lowest <= upto;
  if upto - above < least(most, 31) then
    changes := atlas.few_between(me, above, upto, downward, results, months);
    full_page := false;
  else
    select m.changes, m.last, m.full_page into changes, last, full_page
    from atlas.many_between(me, above, upto, downward, most, results, months) m;
  end if;
end
$$;
comment on function atlas.page(uuid, bigint, bigint, boolean, integer, jsonb) is
  'The next page of a stretch of seqs, from its low end or its high one, and whether it is full. Tombstones are left out downward.';

create function atlas.pull_page(
  me uuid, head bigint, most integer, results jsonb, inout stand jsonb, out changes json, out more boolean
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
comment on function atlas.pull_page(uuid, bigint, integer, jsonb, jsonb) is
  'The next page for a device that stands at this cursor. The head was read before: rows above it wait for the next request.';

create or replace function atlas.pull(
  me uuid, head bigint, most integer, results jsonb, inout stand jsonb, out changes jsonb, out more boolean
)
language sql set search_path = ''
as $$
  select p.stand, p.changes::jsonb, p.more from atlas.pull_page(me, head, most, results, stand) p
$$;
comment on function atlas.pull(uuid, bigint, integer, jsonb, jsonb) is 'That page to look into.';

revoke all on function
  atlas.messages_between(uuid, bigint, bigint, boolean, integer, date[]),
  atlas.few_between(uuid, bigint, bigint, boolean, jsonb, date[]),
  atlas.many_between(uuid, bigint, bigint, boolean, integer, jsonb, date[]),
  atlas.page(uuid, bigint, bigint, boolean, integer, jsonb),
  atlas.pull_page(uuid, bigint, integer, jsonb, jsonb)
from public, anon, authenticated, service_role;
grant execute on function
  atlas.messages_between(uuid, bigint, bigint, boolean, integer, date[]),
  atlas.few_between(uuid, bigint, bigint, boolean, jsonb, date[]),
  atlas.many_between(uuid, bigint, bigint, boolean, integer, jsonb, date[]),
  atlas.page(uuid, bigint, bigint, boolean, integer, jsonb),
  atlas.pull_page(uuid, bigint, integer, jsonb, jsonb)
to atlas_api;
