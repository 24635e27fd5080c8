-- Every column says what it is for; docs/data-model.md is made of this.

do $$
declare
  plain record;
begin
  for plain in
    select c.relname as name, a.attname as part
    from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'atlas'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.attname in ('user_id', 'only_row')
  loop
    execute format('comment on column atlas.%I.%I is %L', plain.name, plain.part,
      case plain.part when 'user_id' then 'The user it belongs to.' else 'Keeps it to one row.' end);
  end loop;
end
$$;

comment on column atlas.conversations.id is 'UUIDv7, made by the device that made the conversation.';
comment on column atlas.conversations.seq is 'The seq of its last change.';
comment on column atlas.conversations.origin is 'How it came to be: live, import or backfill.';
comment on column atlas.conversations.title is 'Its title, at most 200 characters.';
comment on column atlas.conversations.title_clock is 'When the title was written.';
comment on column atlas.conversations.trashed is 'Whether it is in the trash.';
comment on column atlas.conversations.trashed_clock is 'When that was written.';
comment on column atlas.conversations.message_count is 'How many messages it has.';
comment on column atlas.conversations.last_message_preview is 'The beginning of its newest message, at most 120 characters on one line.';
comment on column atlas.conversations.first_seq is 'The seq it was made with; its messages have higher ones.';
comment on column atlas.conversations.created_at is 'Server time it was received.';

comment on column atlas.messages.id is 'UUIDv7, made by whoever made the message; says the month it lies in.';
comment on column atlas.messages.seq is 'The seq of its last change.';
comment on column atlas.messages.origin is 'How it came to be: live, import or backfill. Only live is usage.';
comment on column atlas.messages.conversation is 'The conversation it belongs to, of the same user.';
comment on column atlas.messages.role is 'Who said it: user or assistant.';
comment on column atlas.messages.text is 'What was said, at most 32,000 characters.';
comment on column atlas.messages.text_clock is 'When the text was written.';
comment on column atlas.messages.received_at is 'Server time it was received.';

comment on column atlas.tombstones.id is 'What is gone.';
comment on column atlas.tombstones.kind is 'conversation or message.';
comment on column atlas.tombstones.seq is 'The seq of its going.';

comment on column atlas.profiles.tier is 'The tier the user is on.';
comment on column atlas.profiles.created_at is 'When the account was made.';
comment on column atlas.heads.seq is 'The highest seq given.';
comment on column atlas.devices.device is '12 letters or digits, as in the clocks of that device.';
comment on column atlas.devices.first_seen is 'When it first came.';
comment on column atlas.devices.last_seen is 'When it last wrote, or first came on a day.';

comment on column atlas.tiers.tier is 'Its name.';
comment on column atlas.settings.default_tier is 'The tier of new accounts.';
comment on column atlas.epochs.epoch is 'Its name, which no other life had.';
comment on column atlas.epochs.place is 'Its place among them; the highest is the current one.';
comment on column atlas.epochs.opened_at is 'When it was opened.';
comment on column atlas.restored_heads.epoch is 'The epoch that was opened.';
comment on column atlas.load.noted_at is 'When it was noted.';

comment on column atlas.usage_logs.role is 'Who said it: user or assistant.';
comment on column atlas.daily_usage.day is 'The day, in UTC, by the server.';
comment on column atlas.daily_usage.tokens is 'Tokens of the answers.';
comment on column atlas.daily_usage.cost_micros is 'What they cost, in millionths of a dollar, as estimated.';

comment on column atlas.sync_reports.id is 'A number.';
comment on column atlas.sync_reports.device is 'The device that tells.';
comment on column atlas.sync_reports.received_at is 'When it told.';
comment on column atlas.sync_reports.bytes_up is 'Bytes it sent.';
comment on column atlas.sync_reports.bytes_down is 'Bytes it received.';

comment on column atlas.push_subscriptions.saved_at is 'When the browser last told it.';
comment on column atlas.response_cache.tier is 'The tier it was answered for.';
comment on column atlas.response_cache.answer is 'The answer.';
comment on column atlas.response_cache.made_at is 'When it was given.';
comment on column atlas.response_cache.expires_at is 'From when it is not used any more.';
