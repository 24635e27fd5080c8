import type { Answered, Caller } from './database.ts';

/** Calls a function of the API as a client does; the status is 200 unless the function says another. */
export async function call(caller: Pick<Caller, 'query'>, name: string, argument?: unknown): Promise<Answered> {
  const parameter = argument === undefined ? '' : '$1::text::jsonb';
  const [answer] = await caller.query(
    `select a.body::text as body, current_setting('response.status', true) as status
     from (select public.${name}(${parameter}) as body offset 0) a`,
    argument === undefined ? [] : [JSON.stringify(argument)],
  );
  return { status: Number(answer?.status || 200), body: JSON.parse(String(answer?.body)) };
}
