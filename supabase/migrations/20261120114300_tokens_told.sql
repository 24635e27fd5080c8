create or replace function atlas.conversation_json(c atlas.conversations) returns json
language sql stable
as $$
  select json_build_object(
    'kind', 'conversation', 'id', c.id, 'seq', c.seq,
    'clocks', json_build_object('title', c.title_clock, 'trashed', c.trashed_clock),
    'title', c.title, 'trashed', c.trashed,
    'activity', c.activity, 'at', floor(extract(epoch from c.active_at) * 1000)::bigint, 'count', c.message_count,
    'tokens', c.total_tokens, 'preview', c.last_message_preview,
    'trashedAt', floor(extract(epoch from c.trashed_at) * 1000)::bigint
  )
$$;
