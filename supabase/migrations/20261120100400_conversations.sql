create table atlas.conversations (
  user_id uuid not null references atlas.heads (user_id) on delete cascade,
  id uuid not null,
  seq bigint not null check (seq > 0),
  origin text not null check (origin in ('live', 'import', 'backfill')),
  title text not null,
  title_clock atlas.clock not null,
  trashed boolean not null,
  trashed_clock atlas.clock not null,
  trashed_at timestamptz check ((trashed_at is not null) = trashed),
  message_count integer not null default 0 check (message_count >= 0),
  activity bigint not null,
  active_at timestamptz not null,
  last_message_preview text not null default '',
  first_seq bigint not null,
  created_at timestamptz not null,
  primary key (user_id, id)
);
create unique index conversations_by_seq on atlas.conversations (user_id, seq);

comment on table atlas.conversations is 'Conversations. Fields have a clock each; what is counted of messages is kept by sync.';
comment on column atlas.conversations.trashed_at is 'Server time the trashing was received; the 30 days count from it.';
comment on column atlas.conversations.activity is 'pos of the newest message; first_seq while there is none. Orders the list.';
comment on column atlas.conversations.active_at is 'Server time of that activity.';

alter table atlas.conversations enable row level security;
alter table atlas.conversations force row level security;
revoke all on atlas.conversations from public, anon, authenticated, service_role;

grant select, insert, update, delete on atlas.conversations to atlas_api;
create policy "sync handles its user's conversations" on atlas.conversations to atlas_api
  using (user_id = (select atlas.caller()));

create function atlas.conversation_row(c atlas.conversations) returns jsonb
language sql immutable
as $$
  select jsonb_build_object(
    'kind', 'conversation', 'id', c.id, 'seq', c.seq,
    'clocks', jsonb_build_object('title', c.title_clock, 'trashed', c.trashed_clock),
    'title', c.title, 'trashed', c.trashed,
    'activity', c.activity, 'at', atlas.ms(c.active_at), 'count', c.message_count,
    'preview', c.last_message_preview, 'trashedAt', atlas.ms(c.trashed_at)
  )
$$;
comment on function atlas.conversation_row(atlas.conversations) is 'A conversation as the wire says it.';
revoke all on function atlas.conversation_row(atlas.conversations) from public, anon, authenticated, service_role;
grant execute on function atlas.conversation_row(atlas.conversations) to atlas_api;
