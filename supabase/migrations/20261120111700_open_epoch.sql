create function atlas.open_epoch(name text default null) returns text
language plpgsql set search_path = ''
as $$
declare
  opened text;
begin
  insert into atlas.epochs (epoch, from_seq)
  values (coalesce(name, replace(gen_random_uuid()::text, '-', '')), 0)
  returning epoch into opened;
  insert into atlas.restored_heads (epoch, user_id, seq) select opened, h.user_id, h.seq from atlas.heads h;
  return opened;
end
$$;
comment on function atlas.open_epoch(text) is
  'After a restore from a backup, before anyone is served: names the new life of the data and notes where each head stands, so that devices bring back what they know beyond it.';

create function public.open_epoch(name text default null) returns text
language sql security definer set search_path = ''
as $$
  select atlas.open_epoch(name)
$$;
comment on function public.open_epoch(text) is
  'To be called once after every restore from a backup; gives the name of the new epoch. For the operator.';

revoke all on function atlas.open_epoch(text) from public, anon, authenticated, service_role;
revoke all on function public.open_epoch(text) from public, anon, authenticated, service_role;
grant execute on function public.open_epoch(text) to service_role;
