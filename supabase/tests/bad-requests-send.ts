import type { Answered, Database } from './database.ts';

/** Sends a request, or text that may be none, as a user. */
export async function sendAnything(database: Database, user: string, request: unknown): Promise<Answered> {
  const text = typeof request === 'string' && request.startsWith('{') ? request : JSON.stringify(request);
  return database.hold(user, async (session) => {
    const [answer] = await session.query('select public.sync($1::text::json)::text as body', [`{"request":${text}}`]);
    const [response] = await session.query(`select current_setting('response.status', true) as status`);
    return { status: Number(response?.status || 200), body: JSON.parse(String(answer?.body)) };
  });
}
