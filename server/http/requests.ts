import type { ServerResponse } from 'node:http';
import type { Database } from '../database/database.ts';
import { syncPath } from '../sync/sync-requests.ts';
import { answerJson } from './answer.ts';
import type { Answer } from './http-server.ts';
import type { StaticFiles } from './static-files.ts';

/** What the requests are answered with. */
export interface Services {
  database: Pick<Database, 'check'>;
  /** What is under /auth/v1 and /rest/v1. */
  supabase: Answer;
  /** The short way for this one of them, where there is one. */
  sync: Answer | null;
  publishableKey: string;
  files: StaticFiles;
}

/** Which part answers which address; everything that is not named is the app. */
export function answerRequests(services: Services): Answer {
  const { database, supabase, sync, publishableKey, files } = services;
  const exact: Record<string, Answer> = {
    '/health': (_url, _request, response) => answerHealth(database, response),
    // An empty address: Supabase is where the page comes from.
    '/config.json': async (_url, _request, response) => answerJson(response, 200, { supabaseUrl: '', publishableKey }),
    [syncPath]: sync ?? supabase,
  };
  const below: Record<string, Answer> = { '/auth/v1/': supabase, '/rest/v1/': supabase };
  return async (url, request, response) => {
    const prefix = Object.keys(below).find((start) => url.pathname.startsWith(start));
    const answer = (Object.hasOwn(exact, url.pathname) && exact[url.pathname]) || (prefix && below[prefix]);
    if (answer) return answer(url, request, response);
    return files.serve(decodeURI(url.pathname), request, response);
  };
}

async function answerHealth(database: Pick<Database, 'check'>, response: ServerResponse): Promise<void> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, 2_000, false).unref());
  // Whatever the reason is: not well.
  const well = await Promise.race([
    database.check().then(
      () => true,
      () => false,
    ),
    late,
  ]);
  answerJson(response, well ? 200 : 503, { health: well ? 'ok' : 'the database does not answer' });
}
