create function public.set_tier(email text, tier text) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  if not exists (select from atlas.tiers t where t.tier = set_tier.tier) then
    raise exception 'There is no such tier.' using errcode = 'invalid_parameter_value';
  end if;
  update atlas.profiles p set tier = set_tier.tier
  from auth.users u
  where u.id = p.user_id and lower(u.email) = lower(set_tier.email);
  return found;
end
$$;
comment on function public.set_tier(text, text) is
  'Puts the account with this email on a tier; false if there is none. For the operator.';

create function public.set_default_tier(tier text) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  if not exists (select from atlas.tiers t where t.tier = set_default_tier.tier) then
    raise exception 'There is no such tier.' using errcode = 'invalid_parameter_value';
  end if;
  -- Hosted API sessions refuse an update without a where.
  update atlas.settings s set default_tier = set_default_tier.tier where s.only_row;
end
$$;
comment on function public.set_default_tier(text) is 'The tier that new accounts get. For the operator.';

revoke all on function public.set_tier(text, text), public.set_default_tier(text) from public, anon, authenticated;
grant execute on function public.set_tier(text, text), public.set_default_tier(text) to service_role;
