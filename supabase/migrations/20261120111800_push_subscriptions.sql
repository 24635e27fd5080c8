create table atlas.push_subscriptions (
  endpoint text primary key check (endpoint ~ '^https://' and char_length(endpoint) <= 2000),
  user_id uuid not null references atlas.heads (user_id) on delete cascade,
  p256dh text not null check (p256dh ~ '^[A-Za-z0-9_-]{80,100}=*$'),
  auth text not null check (auth ~ '^[A-Za-z0-9_-]{16,40}=*$'),
  saved_at timestamptz not null default now()
);
create index push_subscriptions_by_user on atlas.push_subscriptions (user_id, saved_at);
comment on table atlas.push_subscriptions is 'Where Web Push reaches the browsers of a user.';
comment on column atlas.push_subscriptions.endpoint is
  'The address at the push service. One browser has one: when another signs in there, it is his.';
comment on column atlas.push_subscriptions.p256dh is 'The public key of the browser.';
comment on column atlas.push_subscriptions.auth is 'The secret that messages to it are sealed with.';
alter table atlas.push_subscriptions enable row level security;
alter table atlas.push_subscriptions force row level security;
revoke all on atlas.push_subscriptions from public, anon, authenticated, service_role;

create function public.save_subscription(subscription jsonb) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  me uuid := atlas.caller();
begin
  if not exists (select from atlas.heads h where h.user_id = me) then
    return false;
  end if;
  insert into atlas.push_subscriptions as s (endpoint, user_id, p256dh, auth)
  values (subscription ->> 'endpoint', me, subscription #>> '{keys,p256dh}', subscription #>> '{keys,auth}')
  on conflict (endpoint) do update set
    user_id = excluded.user_id, p256dh = excluded.p256dh, auth = excluded.auth, saved_at = now();
  delete from atlas.push_subscriptions s
  where s.user_id = me and s.endpoint in (
    select o.endpoint from atlas.push_subscriptions o where o.user_id = me order by o.saved_at desc offset 20);
  return true;
exception
  when check_violation or not_null_violation or invalid_text_representation then
    return false;
end
$$;
comment on function public.save_subscription(jsonb) is
  'Keeps the push subscription of the caller''s browser, his newest twenty; false if it is none.';

create function public.remove_subscription(endpoint text) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  delete from atlas.push_subscriptions s
  where s.endpoint = remove_subscription.endpoint and s.user_id = atlas.caller();
  return found;
exception
  when invalid_text_representation then
    return false;
end
$$;
comment on function public.remove_subscription(text) is 'Forgets a push subscription of the caller.';

revoke all on function public.save_subscription(jsonb), public.remove_subscription(text)
from public, anon, authenticated, service_role;
grant execute on function public.save_subscription(jsonb), public.remove_subscription(text) to authenticated;
