-- The body of the request as it came, in one parameter without a name: PostgREST hands such a one over unread. What
-- PostgreSQL cannot store (NUL, half of a surrogate pair, a number beyond all) then fails in here, where it is an answer and
-- no line in a log that shows the words around it.

drop function public.sync(jsonb);
create function atlas.sync(json) returns json
language plpgsql security definer set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  size constant integer := pg_column_size($1);
  moment constant timestamptz := clock_timestamp();
  me uuid;
  request jsonb;
  problem text;
  new atlas.new_messages;
  done atlas.added_messages;
  most integer;
  changes json;
  page record;
begin
  begin
    me := atlas.caller();
    if size <= 8000000 then
      request := $1::jsonb -> 'request';
    end if;
  exception when data_exception or program_limit_exceeded then
    null;
  end;
  if me is null then
    return atlas.refuse(401, 'auth', 'Sign in to sync.');
  end if;
  if size > 8000000 then
    return atlas.refuse(413, 'too-large', 'The request is too large.');
  end if;
  -- The usual shape in one look; what is unusual is looked at piece by piece.
  if (request @@ 'strict $.v == 1 && $.device like_regex "^[0-9a-z]{12}$" && $.epoch.type() == "string"
    && $.cursor.seq >= 0 && $.cursor.seq <= 9007199254740991 && $.cursor.seq % 1 == 0
    && ($.cursor.floor == null || ($.cursor.floor >= 0 && $.cursor.floor <= 9007199254740991 && $.cursor.floor % 1 == 0))
    && $.limit >= 1 && $.limit <= 1000000000 && $.limit % 1 == 0
    && $.ops.type() == "array" && !exists($.**{9})'
    and coalesce(jsonb_typeof(request -> 'reports'), 'array') = 'array') is not true
  then
    if coalesce(jsonb_typeof(request), '') <> 'object' or coalesce(jsonb_typeof(request -> 'v'), '') <> 'number' then
      return atlas.refuse(400, 'bad-request', 'Not a sync request.');
    end if;
    if request -> 'v' <> '1' then
      return atlas.refuse(426, 'too-old', 'This version of the app cannot sync with this server.');
    end if;
    problem := atlas.request_problem(request);
  elsif request -> 'ops' <> '[]' then
    begin
      new := atlas.read_new_messages(request -> 'ops');
      if new.ids is not null then
        done := atlas.push_new_messages(me, request, new, size, moment);
      end if;
    exception
      when serialization_failure or deadlock_detected or lock_not_available or insufficient_resources then
        return atlas.refuse(503, 'busy', 'The server is busy.', 5);
      -- Undone as a whole; the general way finds out what is to be said of it.
      when sqlstate 'AT001' or unique_violation or check_violation or data_exception or too_many_rows then
        null;
      when others then
        raise log 'the short way failed: %', sqlstate;
    end;
    if done.before is null then
      problem := atlas.request_problem(request);
    end if;
  end if;
  if problem is not null then
    return atlas.refuse(400, 'bad-request', problem);
  end if;
  if done.before is null then
    return atlas.serve(me, request, size, moment);
  end if;

  if request -> 'reports' <> '[]' then
    perform atlas.keep_reports(me, request ->> 'device', request -> 'reports');
  end if;
  most := least((request ->> 'limit')::numeric, (done.rules ->> 'max_pull')::integer);
  -- The device was up to date: of what is new it only lacks the conversation.
  if request -> 'cursor' = jsonb_build_object('seq', done.before, 'floor', null) and cardinality(new.ids) + 1 < most and size < 3000000 then
    return atlas.synced(request ->> 'epoch', done.results, json_build_array(done.told),
      json_build_object('seq', done.head, 'floor', null), false, done.tier, done.rules, done.stretch);
  end if;
  changes := atlas.few_since(me, request -> 'cursor', done.head, most, done.before, done.results::jsonb);
  if changes is not null then
    return atlas.synced(request ->> 'epoch', done.results, changes, json_build_object('seq', done.head, 'floor', null), false,
      done.tier, done.rules, done.stretch);
  end if;
  select p.* into page from atlas.pull_page(me, done.head, most, done.results::jsonb, request -> 'cursor') p;
  return atlas.synced(request ->> 'epoch', done.results, page.changes, page.stand::json, page.more, done.tier, done.rules,
    done.stretch);
end
$$;
comment on function atlas.sync(json) is
  'One request of a device, as { "request": … }: applies what it wrote, answers with what changed since its cursor. docs/protocol.md is its contract.';

-- Given away and then moved: atlas_api never may create anything in public.
grant create on schema atlas to atlas_api;
alter function atlas.sync(json) owner to atlas_api;
revoke create on schema atlas from atlas_api;
alter function atlas.sync(json) set schema public;

revoke all on function public.sync(json) from public, anon, authenticated, service_role;
grant execute on function public.sync(json) to authenticated;
