-- Devices that are online hear that something of their user changed. A hint only: it is never what a change hangs on, and
-- whatever goes wrong with it fails nothing. One for each user whose head a transaction moves: all its seqs show at once, so
-- that the first says as much as the last.

-- It waits for nobody either: a lock on realtime.messages is no reason to hold up who writes.
create function atlas.poke(who uuid, seq bigint, device text) returns void
language plpgsql security definer set search_path = '' set lock_timeout = '100ms'
as $$
declare
  said jsonb;
begin
  if current_setting('atlas.poked', true) = who::text and seq is not null then
    return;
  end if;
  perform set_config('atlas.poked', who::text, true);
  said := jsonb_build_object('seq', seq, 'device', nullif(device, ''));
  if current_setting('atlas.pokes', true) = 'caller' then
    perform set_config('atlas.poke', (said || jsonb_build_object('user', who))::text, true);
  elsif to_regprocedure('realtime.send(jsonb, text, text, boolean)') is not null then
    perform realtime.send(said, 'poke', 'user:' || who, true);
  else
    perform pg_notify('atlas_pokes', (said || jsonb_build_object('user', who))::text);
  end if;
exception
  when others then
    raise log 'devices were not told of a change: %', sqlstate;
end
$$;
comment on function atlas.poke(uuid, bigint, text) is
  'Tells the devices of a user to look: at this seq, written by this device, or, with neither, whatever they have. By realtime.send where there is one, else by a notification, unless the caller (atlas.pokes) takes it from atlas.poke and passes it on.';

create function atlas.poke_after_head() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    perform atlas.poke(old.user_id, null, null);
  elsif new.tier is distinct from old.tier or new.suspended <> old.suspended then
    perform atlas.poke(new.user_id, null, null);
  else
    perform atlas.poke(new.user_id, new.seq, current_setting('atlas.device', true));
  end if;
  return null;
end
$$;
comment on function atlas.poke_after_head() is
  'Has the devices of a user look when his head moved, his tier changed, or his account was suspended, made active again or went.';

revoke all on function atlas.poke(uuid, bigint, text), atlas.poke_after_head()
from public, anon, authenticated, service_role;

create trigger poke_moved after update of seq, tier, suspended on atlas.heads
for each row when (new.seq <> old.seq or new.tier is distinct from old.tier or new.suspended <> old.suspended)
execute function atlas.poke_after_head();
create trigger poke_gone after delete on atlas.heads
for each row execute function atlas.poke_after_head();

-- A hosted project asks its policies who may listen to a private channel.
do $$
begin
  if to_regclass('realtime.messages') is null then
    return;
  end if;
  create policy "a user hears of changes to what is his" on realtime.messages for select to authenticated
    using (extension = 'broadcast' and (select realtime.topic()) = 'user:' || (select auth.uid()));
exception
  when insufficient_privilege or undefined_function or undefined_column or duplicate_object then
    raise notice 'Nobody may listen to changes here (%): devices ask at their intervals.', sqlerrm;
end
$$;
