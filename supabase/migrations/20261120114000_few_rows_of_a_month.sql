-- What most requests bring is a few rows of one month. A function of that month reads them in one statement whose plan a
-- session keeps, and one that knows all months calls it: nothing is planned anew, and no other month is touched.

create function atlas.make_few_reader(name text) returns void
language plpgsql set search_path = ''
as $$
declare
  reader constant text := format('atlas.%I(uuid, bigint, bigint)', 'few_' || name);
begin
  execute format(
    'create or replace function atlas.%I(me uuid, above bigint, upto bigint) returns json
     language plpgsql volatile
     as $reader$
     begin
       return (
         select coalesce(json_agg(p.entity order by p.seq), ''[]'')
         from (
           select m.seq, atlas.message_json(m.id, m.seq, m.text_clock, m.conversation, m.role, m.parent, m.attempt, m.text, m.pos,
             m.received_at) as entity
           from atlas.%I m where m.user_id = me and m.seq > above and m.seq <= upto
           union all
           select c.seq, atlas.conversation_json(c)
           from atlas.conversations c where c.user_id = me and c.seq > above and c.seq <= upto
           union all
           select t.seq, json_build_object(''kind'', t.kind, ''id'', t.id, ''seq'', t.seq, ''gone'', true)
           from atlas.tombstones t where t.user_id = me and t.seq > above and t.seq <= upto
         ) p
       );
     end
     $reader$', 'few_' || name, name);
  execute format('comment on function %s is %L', reader,
    format('All rows with a seq above one and up to another, where messages of atlas.%I are the only ones.', name));
  execute format('revoke all on function %s from public, anon, authenticated, service_role', reader);
  execute format('grant execute on function %s to atlas_api', reader);
end
$$;
comment on function atlas.make_few_reader(text) is 'Makes the function that reads a few rows of everything and of one month.';

create function atlas.list_few_readers() returns void
language plpgsql set search_path = ''
as $$
begin
  -- The newest first: they are asked for most.
  execute format(
    'create or replace function atlas.few_of_month(month date, me uuid, above bigint, upto bigint) returns json
     language plpgsql volatile
     as $list$
     begin
       case month
         %s
         else return null;
       end case;
     end
     $list$',
    (select string_agg(format('when %L then return atlas.%I(me, above, upto);', m, 'few_' || atlas.month_table(m)), ' ' order by m desc)
     from unnest(array['atlas.archived_messages'::regclass, 'atlas.messages'::regclass]) as t (parent), atlas.month_tables(t.parent) m));
  comment on function atlas.few_of_month(date, uuid, bigint, bigint) is
    'All rows with a seq above one and up to another, where the messages are of this month; null for a month without a partition of its own. Made anew with every month.';
  revoke all on function atlas.few_of_month(date, uuid, bigint, bigint) from public, anon, authenticated, service_role;
  grant execute on function atlas.few_of_month(date, uuid, bigint, bigint) to atlas_api;
end
$$;
comment on function atlas.list_few_readers() is 'Makes the function that calls the reader of a month.';
revoke all on function atlas.make_few_reader(text), atlas.list_few_readers() from public, anon, authenticated, service_role;

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
  perform atlas.make_few_reader(name);
  perform atlas.list_few_readers();
end
$$;

select atlas.make_few_reader(atlas.month_table(m))
from unnest(array['atlas.archived_messages'::regclass, 'atlas.messages'::regclass]) as t (parent), atlas.month_tables(t.parent) m;
select atlas.list_few_readers();
