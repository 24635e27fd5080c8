-- What most requests read is a few new messages of one month. Reading them by a function of that month, whose plan a
-- session keeps, spares planning the statement anew, and like that locks no other month.

create function atlas.message_json(
  id uuid, seq bigint, text_clock text, conversation uuid, role text, parent uuid, attempt integer, said text, pos bigint,
  received_at timestamptz
) returns json
language sql stable
as $$
  select json_build_object(
    'kind', 'message', 'id', id, 'seq', seq,
    'clocks', json_build_object('text', text_clock),
    'conversation', conversation, 'role', role, 'parent', parent, 'attempt', attempt,
    'text', said,
    'pos', pos, 'at', floor(extract(epoch from received_at) * 1000)::bigint
  )
$$;
comment on function atlas.message_json(uuid, bigint, text, uuid, text, uuid, integer, text, bigint, timestamptz) is
  'A message as the wire says it, as text: what is only sent is not taken apart.';

create function atlas.conversation_json(c atlas.conversations) returns json
language sql stable
as $$
  select json_build_object(
    'kind', 'conversation', 'id', c.id, 'seq', c.seq,
    'clocks', json_build_object('title', c.title_clock, 'trashed', c.trashed_clock),
    'title', c.title, 'trashed', c.trashed,
    'activity', c.activity, 'at', floor(extract(epoch from c.active_at) * 1000)::bigint, 'count', c.message_count,
    'preview', c.last_message_preview, 'trashedAt', floor(extract(epoch from c.trashed_at) * 1000)::bigint
  )
$$;
comment on function atlas.conversation_json(atlas.conversations) is 'A conversation as the wire says it, as text.';

create or replace function atlas.message_row(
  id uuid, seq bigint, text_clock text, conversation uuid, role text, parent uuid, attempt integer, said text, pos bigint,
  received_at timestamptz
) returns jsonb
language sql stable
as $$
  select atlas.message_json(id, seq, text_clock, conversation, role, parent, attempt, said, pos, received_at)::jsonb
$$;

create or replace function atlas.conversation_row(c atlas.conversations) returns jsonb
language sql stable
as $$
  select atlas.conversation_json(c)::jsonb
$$;

create function atlas.has_table(month date) returns boolean
language plpgsql volatile set search_path = ''
as $$
begin
  return to_regclass('atlas.' || atlas.month_table(month)) is not null;
end
$$;
comment on function atlas.has_table(date) is 'Whether a month has a partition of its own at this moment, and so its reader and its finder.';

create function atlas.make_reader(name text) returns void
language plpgsql set search_path = ''
as $$
declare
  reader constant text := format('atlas.%I(uuid, bigint, bigint)', 'read_' || name);
  finder constant text := format('atlas.%I(uuid, uuid[])', 'find_' || name);
begin
  execute format(
    'create or replace function atlas.%I(me uuid, above bigint, upto bigint, out seqs bigint[], out entities json[])
     language plpgsql volatile set search_path = ''''
     as $reader$
     begin
       select array_agg(m.seq), array_agg(atlas.message_json(m.id, m.seq, m.text_clock, m.conversation, m.role, m.parent, m.attempt,
         m.text, m.pos, m.received_at))
       into seqs, entities
       from atlas.%I m where m.user_id = me and m.seq > above and m.seq <= upto;
     end
     $reader$', 'read_' || name, name);
  execute format(
    'create or replace function atlas.%I(me uuid, ids uuid[], out known uuid[], out stored jsonb[])
     language plpgsql volatile set search_path = ''''
     as $finder$
     begin
       select array_agg(m.id), array_agg(atlas.message_row(m.id, m.seq, m.text_clock, m.conversation, m.role, m.parent, m.attempt,
         m.text, m.pos, m.received_at))
       into known, stored
       from atlas.%I m where m.user_id = me and m.id = any (ids);
     end
     $finder$', 'find_' || name, name);
  execute format('comment on function %s is %L', reader, format('The messages of atlas.%I with a seq above one and up to another.', name));
  execute format('comment on function %s is %L', finder, format('The messages of atlas.%I with these ids.', name));
  execute format('revoke all on function %s, %s from public, anon, authenticated, service_role', reader, finder);
  execute format('grant execute on function %s, %s to atlas_api', reader, finder);
end
$$;
comment on function atlas.make_reader(text) is 'Makes the functions that read a partition of messages.';

revoke all on function
  atlas.message_json(uuid, bigint, text, uuid, text, uuid, integer, text, bigint, timestamptz),
  atlas.conversation_json(atlas.conversations), atlas.has_table(date), atlas.make_reader(text)
from public, anon, authenticated, service_role;
grant execute on function
  atlas.message_json(uuid, bigint, text, uuid, text, uuid, integer, text, bigint, timestamptz),
  atlas.conversation_json(atlas.conversations), atlas.has_table(date)
to atlas_api;

create or replace function atlas.make_month(month date, parent text) returns void
language plpgsql set search_path = ''
as $$
declare
  name constant text := atlas.month_table(month);
begin
  execute format('create table atlas.%I partition of atlas.%I for values from (%L) to (%L)', name, parent,
    atlas.first_id(month), atlas.first_id((month + interval '1 month')::date));
  perform atlas.dress_partition(name, 'messages', 'Messages of ' || to_char(month::timestamp, 'YYYY-MM') || '.',
    atlas.in_month(month));
  perform atlas.make_reader(name);
end
$$;

select atlas.make_reader(atlas.month_table(m))
from unnest(array['atlas.archived_messages'::regclass, 'atlas.messages'::regclass]) as t (parent), atlas.month_tables(t.parent) m;

create or replace function atlas.find_messages(me uuid, ids uuid[]) returns table (id uuid, stored jsonb)
language plpgsql volatile set search_path = ''
as $$
declare
  month date;
  here record;
begin
  for month in select distinct atlas.month_of(i.id) from unnest(ids) as i (id) loop
    if atlas.has_table(month) then
      execute format('select f.known, f.stored from atlas.%I($1, $2) f', 'find_' || atlas.month_table(month))
      into here using me, ids;
    else
      -- By the whole table, which waits while the month is made: its rows are then found where they moved.
      execute format(
        'select array_agg(m.id) as known, array_agg(atlas.message_row(m.id, m.seq, m.text_clock, m.conversation, m.role,
           m.parent, m.attempt, m.text, m.pos, m.received_at)) as stored
         from (%s) m where m.user_id = $1 and m.id = any ($2)',
        atlas.messages_of(array[month]))
      into here using me, ids;
    end if;
    return query select f.id, f.stored from unnest(here.known, here.stored) as f (id, stored);
  end loop;
end
$$;
