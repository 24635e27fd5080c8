-- Whoever writes a conversation, message or tombstone without holding the head (a person at the prompt, a job, a mistake)
-- is stamped: the guards take the seq from the locked head, leave tombstones, and keep what conversations tell.
-- Who holds it says so in atlas.writing, see open_head, and answers for all of that himself.

create function atlas.server_clock(above text default null) returns text
language sql volatile
as $$
  select lpad(greatest(atlas.ms(clock_timestamp()), left(above, 15)::bigint + 1)::text, 15, '0') || '.0000.server000000'
$$;
comment on function atlas.server_clock(text) is 'A clock of now, above the one given.';

create function atlas.guard_conversation() returns trigger
language plpgsql set search_path = ''
as $$
declare
  seq bigint;
begin
  seq := atlas.take_seq(case tg_op when 'DELETE' then old.user_id else new.user_id end);
  if seq is null then
    if tg_op = 'DELETE' then
      -- The account is going.
      return old;
    end if;
    raise exception 'There is no such user.' using errcode = 'foreign_key_violation';
  end if;
  if tg_op = 'DELETE' then
    perform set_config('atlas.writing', old.user_id::text, true);
    insert into atlas.tombstones (user_id, id, kind, seq) values (old.user_id, old.id, 'conversation', seq)
    on conflict do nothing;
    perform atlas.remove_messages_of(old);
    perform set_config('atlas.writing', '', true);
    return old;
  end if;
  if tg_op = 'INSERT' then
    if exists (select from atlas.tombstones t where t.user_id = new.user_id and t.id = new.id) then
      raise exception 'This conversation is gone for good.' using errcode = 'check_violation';
    end if;
    new.seq := seq;
    new.first_seq := seq;
    new.activity := seq;
    new.origin := coalesce(new.origin, 'backfill');
    new.title_clock := coalesce(new.title_clock, atlas.server_clock());
    new.trashed := coalesce(new.trashed, false);
    new.trashed_clock := coalesce(new.trashed_clock, atlas.server_clock());
    new.created_at := coalesce(new.created_at, clock_timestamp());
    new.active_at := coalesce(new.active_at, new.created_at);
    new.message_count := 0;
    new.total_tokens := 0;
    new.last_message_preview := '';
  else
    if (new.user_id, new.id, new.origin, new.first_seq, new.created_at)
      is distinct from (old.user_id, old.id, old.origin, old.first_seq, old.created_at) then
      raise exception 'What a conversation is made with is fixed.' using errcode = 'check_violation';
    end if;
    new.seq := seq;
    if new.title is distinct from old.title and new.title_clock = old.title_clock then
      new.title_clock := atlas.server_clock(old.title_clock);
    end if;
    if new.trashed is distinct from old.trashed and new.trashed_clock = old.trashed_clock then
      new.trashed_clock := atlas.server_clock(old.trashed_clock);
    end if;
  end if;
  new.trashed_at := case when new.trashed then coalesce(new.trashed_at, clock_timestamp()) end;
  return new;
end
$$;
comment on function atlas.guard_conversation() is 'Stamps a conversation that is written without the head.';

create function atlas.guard_message() returns trigger
language plpgsql set search_path = ''
as $$
declare
  seq bigint;
begin
  if tg_op = 'UPDATE' and (new.user_id, new.id, new.origin, new.conversation, new.role, new.parent, new.attempt)
    is distinct from (old.user_id, old.id, old.origin, old.conversation, old.role, old.parent, old.attempt) then
    raise exception 'What a message is made with is fixed.' using errcode = 'check_violation';
  end if;
  if tg_op = 'INSERT' then
    if exists (
      select from atlas.tombstones t where t.user_id = new.user_id and (t.id = new.id or t.id = new.conversation)
    ) then
      raise exception 'This message or its conversation is gone for good.' using errcode = 'check_violation';
    end if;
    if not exists (select from atlas.conversations c where c.user_id = new.user_id and c.id = new.conversation) then
      raise exception 'There is no such conversation.' using errcode = 'foreign_key_violation';
    end if;
  end if;
  seq := atlas.take_seq(case tg_op when 'DELETE' then old.user_id else new.user_id end);
  if tg_op = 'DELETE' then
    if seq is not null then
      perform set_config('atlas.writing', old.user_id::text, true);
      insert into atlas.tombstones (user_id, id, kind, seq) values (old.user_id, old.id, 'message', seq)
      on conflict do nothing;
      perform set_config('atlas.writing', '', true);
    end if;
    return old;
  end if;
  new.seq := seq;
  if tg_op = 'INSERT' then
    new.pos := seq;
    new.origin := coalesce(new.origin, 'backfill');
    new.attempt := coalesce(new.attempt, 0);
    new.text_clock := coalesce(new.text_clock, atlas.server_clock());
    new.received_at := coalesce(new.received_at, clock_timestamp());
  else
    new.pos := old.pos;
    if new.text is distinct from old.text and new.text_clock = old.text_clock then
      new.text_clock := atlas.server_clock(old.text_clock);
    end if;
  end if;
  return new;
end
$$;
comment on function atlas.guard_message() is 'Stamps a message that is written without the head.';

create function atlas.guard_tombstone() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    if exists (select from atlas.conversations c where c.user_id = new.user_id and c.id = new.id)
      or exists (select from atlas.find_messages(new.user_id, array[new.id])) then
      raise exception 'It still exists: delete it, and the tombstone is made.' using errcode = 'check_violation';
    end if;
    new.seq := atlas.take_seq(new.user_id);
    return new;
  end if;
  if exists (select from atlas.heads h where h.user_id = old.user_id) then
    raise exception 'A tombstone stays as it is, as long as the account.' using errcode = 'check_violation';
  end if;
  return old;
end
$$;
comment on function atlas.guard_tombstone() is 'Stamps a tombstone that is made without the head, and keeps those that are.';

create function atlas.remove_messages_of(talk atlas.conversations) returns void
language plpgsql set search_path = ''
as $$
declare
  month date;
begin
  for month in
    select d.month from atlas.months d
    where d.user_id = talk.user_id and d.highest > talk.first_seq and d.lowest <= talk.activity
  loop
    execute format('delete from atlas.messages m where m.user_id = $1 and m.conversation = $2 and %s', atlas.in_month(month))
    using talk.user_id, talk.id;
  end loop;
end
$$;
comment on function atlas.remove_messages_of(atlas.conversations) is 'Removes the messages of a conversation that goes.';

create function atlas.recount_conversations(who uuid, ids uuid[]) returns void
language plpgsql set search_path = ''
as $$
declare
  told record;
  newest atlas.placed_message;
  head bigint := atlas.open_head(who);
begin
  if head is null then
    return;
  end if;
  for told in execute format(
    'select c.id, count(m.id) as messages, coalesce(sum(m.tokens), 0) as tokens, max(m.pos) as pos
     from unnest($2) as c (id) left join (%s) m on m.user_id = $1 and m.conversation = c.id
     group by c.id order by max(m.pos)',
    coalesce(atlas.messages_of((select array_agg(d.month) from atlas.months d where d.user_id = who)),
      'select * from atlas.messages where false'))
  using who, ids
  loop
    update atlas.conversations c set activity = coalesce(told.pos, c.first_seq) where c.user_id = who and c.id = told.id;
    newest := null;
    select n.* into newest from atlas.messages_before(who, told.id, 9223372036854775807, 1) n;
    update atlas.conversations c set
      seq = head + 1, message_count = told.messages, total_tokens = told.tokens,
      active_at = coalesce(newest.received_at, c.created_at),
      last_message_preview = coalesce(atlas.preview(newest.text), '')
    where c.user_id = who and c.id = told.id;
    if found then
      head := head + 1;
    end if;
  end loop;
  perform atlas.close_head(who, head);
end
$$;
comment on function atlas.recount_conversations(uuid, uuid[]) is
  'Counts anew what these conversations tell of their messages; they take a seq each.';

create function atlas.after_messages() returns trigger
language plpgsql set search_path = ''
as $$
declare
  touched record;
begin
  perform atlas.settle_head();
  if tg_op <> 'DELETE' then
    for touched in
      select n.user_id, array_agg(n.id) as ids, array_agg(n.seq) as seqs from new_rows n group by n.user_id
    loop
      perform atlas.note_months(touched.user_id, touched.ids, touched.seqs);
    end loop;
  end if;
  if tg_op = 'INSERT' then
    for touched in
      select n.user_id, n.conversation, max(n.text_clock) as awake_clock
      from new_rows n where n.role = 'user' group by n.user_id, n.conversation
    loop
      update atlas.conversations c set trashed = false, trashed_clock = touched.awake_clock
      where c.user_id = touched.user_id and c.id = touched.conversation and c.trashed_clock < touched.awake_clock;
    end loop;
    for touched in
      select n.user_id, array_agg(distinct n.conversation) as talks from new_rows n group by n.user_id
    loop
      perform atlas.recount_conversations(touched.user_id, touched.talks);
    end loop;
  else
    for touched in
      select o.user_id, array_agg(distinct o.conversation) as talks from old_rows o group by o.user_id
    loop
      perform atlas.recount_conversations(touched.user_id, touched.talks);
    end loop;
  end if;
  return null;
end
$$;
comment on function atlas.after_messages() is
  'After messages were written without the head: notes their months and counts their conversations anew.';

create function atlas.after_guarded() returns trigger
language plpgsql set search_path = ''
as $$
begin
  perform atlas.settle_head();
  return null;
end
$$;
comment on function atlas.after_guarded() is 'Writes the seqs that guards took in a statement.';

create function atlas.refuse_truncate() returns trigger
language plpgsql set search_path = ''
as $$
begin
  raise exception 'Delete rows instead: devices have to hear of it.' using errcode = 'wrong_object_type';
end
$$;
comment on function atlas.refuse_truncate() is 'Keeps whole tables from going without tombstones.';

do $$
declare
  guarded record;
begin
  for guarded in
    select * from (values ('conversations', 'conversation'), ('messages', 'message'), ('tombstones', 'tombstone')) as g (name, one)
  loop
    execute format(
      'create trigger guard_new before insert or update on atlas.%1$I for each row
       when (coalesce(current_setting(''atlas.writing'', true), '''') not in (''partitions'', new.user_id::text))
       execute function atlas.guard_%2$s()', guarded.name, guarded.one);
    execute format(
      'create trigger guard_gone before delete on atlas.%1$I for each row
       when (coalesce(current_setting(''atlas.writing'', true), '''') not in (''partitions'', old.user_id::text))
       execute function atlas.guard_%2$s()', guarded.name, guarded.one);
    execute format(
      'create trigger guard_truncate before truncate on atlas.%I for each statement execute function atlas.refuse_truncate()',
      guarded.name);
  end loop;
end
$$;
create trigger guard_done after insert or update or delete on atlas.conversations
for each statement when (coalesce(current_setting('atlas.taken', true), '') <> '') execute function atlas.after_guarded();
create trigger guard_done after insert or update or delete on atlas.tombstones
for each statement when (coalesce(current_setting('atlas.taken', true), '') <> '') execute function atlas.after_guarded();
create trigger guard_added after insert on atlas.messages referencing new table as new_rows
for each statement when (coalesce(current_setting('atlas.writing', true), '') = '') execute function atlas.after_messages();
create trigger guard_changed after update on atlas.messages referencing old table as old_rows new table as new_rows
for each statement when (coalesce(current_setting('atlas.writing', true), '') = '') execute function atlas.after_messages();
create trigger guard_removed after delete on atlas.messages referencing old table as old_rows
for each statement when (coalesce(current_setting('atlas.writing', true), '') = '') execute function atlas.after_messages();

create function atlas.close_account() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  month date;
begin
  perform set_config('atlas.writing', old.user_id::text, true);
  for month in select d.month from atlas.months d where d.user_id = old.user_id loop
    execute format('delete from atlas.messages m where m.user_id = $1 and %s', atlas.in_month(month)) using old.user_id;
  end loop;
  perform set_config('atlas.writing', '', true);
  return old;
end
$$;
comment on function atlas.close_account() is 'Takes the messages of a user with his head; the rest goes by foreign keys.';
create trigger close_account before delete on atlas.heads for each row execute function atlas.close_account();

revoke all on function
  atlas.server_clock(text), atlas.guard_conversation(), atlas.guard_message(),
  atlas.guard_tombstone(), atlas.remove_messages_of(atlas.conversations), atlas.recount_conversations(uuid, uuid[]),
  atlas.after_messages(), atlas.after_guarded(), atlas.refuse_truncate(), atlas.close_account()
from public, anon, authenticated, service_role;
grant execute on function
  atlas.server_clock(text), atlas.remove_messages_of(atlas.conversations), atlas.recount_conversations(uuid, uuid[])
to atlas_api;
