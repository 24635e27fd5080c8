-- An identifier says when it was made; the month of that is where a message lies, for ever. Clocks of devices can be
-- wrong by years: what is not between 2020 and 2100 lies before or after all months.

create function atlas.month_of(id uuid) returns date
language sql immutable
as $$
  select case
    when id < '016f5e66-e800-0000-0000-000000000000' then '-infinity'::date
    when id >= '03bb2cc3-d800-0000-0000-000000000000' then 'infinity'::date
    else date_trunc('month',
      to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) at time zone 'UTC')::date
  end
$$;
comment on function atlas.month_of(uuid) is
  'The month of an identifier, by the time in it; -infinity before 2020, infinity from 2100 on.';

create function atlas.first_id(day date) returns uuid
language sql immutable
as $$
  select (lpad(to_hex((extract(epoch from day::timestamp) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;
comment on function atlas.first_id(date) is 'The lowest identifier that can be made on a day, in UTC.';

create function atlas.in_month(month date) returns text
language sql immutable
as $$
  select case month
    when '-infinity' then format('id < %L', atlas.first_id('2020-01-01'))
    when 'infinity' then format('id >= %L', atlas.first_id('2100-01-01'))
    else format('id >= %L and id < %L', atlas.first_id(month), atlas.first_id((month + interval '1 month')::date))
  end
$$;
comment on function atlas.in_month(date) is 'The condition that an identifier is of a month, with literals: planners prune by it.';

create function atlas.this_month() returns date
language sql stable
as $$
  select date_trunc('month', now() at time zone 'UTC')::date
$$;
comment on function atlas.this_month() is 'The month it is, in UTC.';

revoke all on function
  atlas.month_of(uuid), atlas.first_id(date), atlas.in_month(date), atlas.this_month()
from public, anon, authenticated, service_role;
grant execute on function
  atlas.month_of(uuid), atlas.first_id(date), atlas.in_month(date), atlas.this_month()
to atlas_api;
