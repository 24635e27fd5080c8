create table atlas.load (
  only_row boolean primary key default true check (only_row),
  noted_at timestamptz not null,
  connections integer not null,
  connections_most integer not null,
  sync_ms double precision,
  changed_at timestamptz not null
);
comment on table atlas.load is 'How busy the service was when a job last looked; one row.';
comment on column atlas.load.connections is 'Connections in use.';
comment on column atlas.load.connections_most is 'Connections there can be.';
comment on column atlas.load.sync_ms is 'How long requests took lately, in milliseconds; null when nobody measures.';
comment on column atlas.load.changed_at is 'When the intervals were last made longer or shorter.';
alter table atlas.load enable row level security;
alter table atlas.load force row level security;
revoke all on atlas.load from public, anon, authenticated, service_role;

create function atlas.stretch_for(use double precision, sync_ms double precision) returns integer
language sql immutable
as $$
  select greatest(
    case when use >= 0.97 then 16 when use >= 0.93 then 8 when use >= 0.87 then 4 when use >= 0.8 then 2 else 1 end,
    case when sync_ms >= 4000 then 16 when sync_ms >= 2000 then 8 when sync_ms >= 1000 then 4 when sync_ms >= 500 then 2
      else 1 end)
$$;
comment on function atlas.stretch_for(double precision, double precision) is
  'How many times longer intervals are to be: twice from 80 % of the connections or half a second a request, and on from there.';

create function atlas.note_load(connections integer, connections_most integer, sync_ms double precision) returns integer
language plpgsql set search_path = ''
as $$
declare
  use constant double precision := connections::double precision / greatest(connections_most, 1);
  wanted constant integer := atlas.stretch_for(use, sync_ms);
  was atlas.state;
  changed timestamptz;
  factor integer;
begin
  select s.* into was from atlas.state s for no key update;
  select coalesce((select l.changed_at from atlas.load l), '-infinity') into changed;
  factor := case when was.stretched_until > now() then was.stretch else 1 end;
  if wanted > factor then
    factor := wanted;
    changed := now();
  elsif factor > 1 and changed <= now() - interval '1 minute'
    and atlas.stretch_for(use + 0.1, sync_ms * 1.5) < factor then
    -- Up at once, down a step a minute and only with room to spare, so that what it eases does not come back at once.
    factor := factor / 2;
    changed := now();
  end if;
  -- Every request reads this row: it is written only when there is something to say.
  update atlas.state s set stretch = factor, stretched_until = now() + interval '5 minutes'
  where s.only_row and (s.stretch <> factor or factor > 1 and s.stretched_until < now() + interval '3 minutes');
  insert into atlas.load as l (noted_at, connections, connections_most, sync_ms, changed_at)
  values (now(), connections, connections_most, sync_ms, changed)
  on conflict (only_row) do update set
    noted_at = excluded.noted_at, connections = excluded.connections, connections_most = excluded.connections_most,
    sync_ms = excluded.sync_ms, changed_at = excluded.changed_at;
  return factor;
end
$$;
comment on function atlas.note_load(integer, integer, double precision) is
  'Told every few seconds how busy the service is, it stretches the intervals of all devices; gives how many times. Forgotten after five minutes.';
revoke all on function
  atlas.stretch_for(double precision, double precision), atlas.note_load(integer, integer, double precision)
from public, anon, authenticated, service_role;
