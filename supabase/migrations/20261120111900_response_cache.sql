create table atlas.response_cache (
  question text not null check (question ~ '^[0-9a-f]{64}$'),
  tier text not null references atlas.tiers (tier),
  model text not null,
  answer text not null,
  tokens integer not null check (tokens >= 0),
  hits integer not null default 0,
  made_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (question, tier)
);
create index response_cache_by_expiry on atlas.response_cache (expires_at);
comment on table atlas.response_cache is 'Answers to questions that were asked before, by tier; for the chat function alone.';
comment on column atlas.response_cache.question is 'SHA-256 of the normalised question.';
comment on column atlas.response_cache.model is 'What answered.';
comment on column atlas.response_cache.tokens is 'Tokens the answer took.';
comment on column atlas.response_cache.hits is 'How often it was used since.';
alter table atlas.response_cache enable row level security;
alter table atlas.response_cache force row level security;
revoke all on atlas.response_cache from public, anon, authenticated, service_role;
