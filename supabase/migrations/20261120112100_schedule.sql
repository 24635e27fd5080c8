-- Where pg_cron can be had it does the work; elsewhere the server does, by timers of its own.
do $$
begin
  create extension if not exists pg_cron;
  perform cron.schedule('atlas-maintain', '*/5 * * * *', 'select atlas.maintain()');
  perform cron.schedule('atlas-load', '* * * * *',
    'select atlas.note_load((select count(*)::integer from pg_stat_activity where backend_type = ''client backend''),
       current_setting(''max_connections'')::integer, null)');
exception
  when feature_not_supported or undefined_file or insufficient_privilege or object_not_in_prerequisite_state
    or invalid_schema_name or undefined_function or internal_error then
    raise notice 'No pg_cron here (%): atlas.maintain() and atlas.note_load() have to be called by something else.', sqlerrm;
end
$$;
