import type { ServerResponse } from 'node:http';
import type * as v from 'valibot';
import type { RefusedSchema } from '../../contract/wire.ts';

/** Answers with a small JSON body that no cache keeps. */
export function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

type RefusedCode = v.InferOutput<typeof RefusedSchema>['code'];

/** Refuses as the wire protocol says, for requests that do not get as far as the database. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: RefusedCode,
  message: string,
  retryAfter?: number,
): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  answerJson(response, status, { is: 'refused', code, message, ...(retryAfter === undefined ? {} : { retryAfter }) });
}
