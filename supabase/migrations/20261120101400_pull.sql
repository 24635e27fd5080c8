-- Two steps: where the page ends, then its rows. A row that changes in between leaves the page with a seq above the head.

create function atlas.page_upward(me uuid, above bigint, upto bigint, most integer, out last bigint, out full_page boolean)
language sql stable set search_path = ''
as $$
  select max(p.seq), count(*) = most or bool_or(p.heavy)
  from (
    select s.seq, sum(s.bytes) over (order by s.seq) > 4000000 as heavy,
      coalesce(sum(s.bytes) over (order by s.seq rows between unbounded preceding and 1 preceding), 0) as before
    from (
      select t.* from (
        (select c.seq, 500 as bytes from atlas.conversations c
          where c.user_id = me and c.seq > above and c.seq <= upto order by c.seq limit most)
        union all
        (select m.seq, 300 + octet_length(m.text) from atlas.messages m
          where m.user_id = me and m.seq > above and m.seq <= upto order by m.seq limit most)
        union all
        (select t.seq, 100 from atlas.tombstones t
          where t.user_id = me and t.seq > above and t.seq <= upto order by t.seq limit most)
      ) t order by t.seq limit most
    ) s
  ) p
  where p.before <= 4000000
$$;
comment on function atlas.page_upward(uuid, bigint, bigint, integer) is
  'The last seq of the next page above a seq, and whether there may be more; pages end at 4 MB too.';

create function atlas.page_downward(me uuid, below bigint, most integer, out last bigint, out full_page boolean)
language sql stable set search_path = ''
as $$
  select min(p.seq), count(*) = most or bool_or(p.heavy)
  from (
    select s.seq, sum(s.bytes) over (order by s.seq desc) > 4000000 as heavy,
      coalesce(sum(s.bytes) over (order by s.seq desc rows between unbounded preceding and 1 preceding), 0) as before
    from (
      select t.* from (
        (select c.seq, 500 as bytes from atlas.conversations c
          where c.user_id = me and c.seq < below order by c.seq desc limit most)
        union all
        (select m.seq, 300 + octet_length(m.text) from atlas.messages m
          where m.user_id = me and m.seq < below order by m.seq desc limit most)
      ) t order by t.seq desc limit most
    ) s
  ) p
  where p.before <= 4000000
$$;
comment on function atlas.page_downward(uuid, bigint, integer) is
  'The last seq of the next page of a first sync below a seq, and whether there may be more. Tombstones are left out.';

create function atlas.rows_between(me uuid, lowest bigint, highest bigint, downward boolean, results jsonb) returns jsonb
language sql stable set search_path = ''
as $$
  with known as materialized (
    select (r.result ->> 'id')::uuid as id, (r.result ->> 'seq')::bigint as seq
    from jsonb_array_elements(results) as r (result)
    where r.result ? 'seq'
  )
  select coalesce(jsonb_agg(p.entity order by case when downward then -p.seq else p.seq end), '[]')
  from (
    select c.id, c.seq, atlas.conversation_row(c) as entity from atlas.conversations c
    where c.user_id = me and c.seq between lowest and highest
    union all
    select m.id, m.seq, atlas.message_row(m) from atlas.messages m
    where m.user_id = me and m.seq between lowest and highest
    union all
    select t.id, t.seq, jsonb_build_object('kind', t.kind, 'id', t.id, 'seq', t.seq, 'gone', true)
    from atlas.tombstones t
    where not downward and t.user_id = me and t.seq between lowest and highest
  ) p
  where not exists (select from known k where k.id = p.id and k.seq = p.seq)
$$;
comment on function atlas.rows_between(uuid, bigint, bigint, boolean, jsonb) is
  'Rows in order of seq, without those that a result of the same answer carries.';

create function atlas.pull(
  me uuid, head bigint, most integer, results jsonb, inout stand jsonb, out changes jsonb, out more boolean
)
language plpgsql set search_path = ''
as $$
declare
  seq bigint := least((stand ->> 'seq')::numeric::bigint, head);
  floor bigint := case when jsonb_typeof(stand) = 'object' then (stand ->> 'floor')::numeric::bigint else head + 1 end;
  page record;
begin
  changes := '[]';
  if floor is null then
    page := atlas.page_upward(me, seq, head, most);
    if page.last is not null then
      changes := atlas.rows_between(me, seq + 1, page.last, false, results);
    end if;
    seq := case when page.full_page then page.last else head end;
    more := seq < head;
  else
    page := atlas.page_downward(me, least(floor, seq + 1), most);
    if page.last is not null then
      changes := atlas.rows_between(me, page.last, least(floor, seq + 1) - 1, true, results);
    end if;
    floor := case when page.full_page then page.last end;
    more := floor is not null or seq < head;
  end if;
  stand := jsonb_build_object('seq', seq, 'floor', floor);
end
$$;
comment on function atlas.pull(uuid, bigint, integer, jsonb, jsonb) is
  'The next page for a device that stands at this cursor. The head was read before: rows above it wait for the next request.';

revoke all on function
  atlas.page_upward(uuid, bigint, bigint, integer), atlas.page_downward(uuid, bigint, integer),
  atlas.rows_between(uuid, bigint, bigint, boolean, jsonb), atlas.pull(uuid, bigint, integer, jsonb, jsonb)
from public, anon, authenticated, service_role;
grant execute on function
  atlas.page_upward(uuid, bigint, bigint, integer), atlas.page_downward(uuid, bigint, integer),
  atlas.rows_between(uuid, bigint, bigint, boolean, jsonb), atlas.pull(uuid, bigint, integer, jsonb, jsonb)
to atlas_api;
