import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Supabase } from '../supabase.ts';
import { refuse } from './answer.ts';
import { acceptedEncoding, compressQuickly, isText, worthBytes } from './encoding.ts';
import { authBytesMost, bodyBytesMost, receiveBody } from './request-body.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Between this server and the other side only. */
const hopByHop = /^(connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*)$/;

/** Hands a request to the embedded Supabase and its answer back. The body is read here, unless it was read already. */
export async function answerBySupabase(
  supabase: Supabase,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  bodyRead?: Buffer<ArrayBuffer>,
): Promise<void> {
  const method = request.method ?? 'GET';
  if (!methods.has(method)) {
    return refuse(response, 405, 'bad-request', 'There is no such method here.');
  }
  const most = url.pathname.startsWith('/auth/') ? authBytesMost : bodyBytesMost;
  const body = bodyRead ?? (await receiveBody(request, response, most));
  if (body === null) return;
  const hasBody = method !== 'GET' && method !== 'HEAD' && body.length > 0;
  const asked = new Request(url, { method, headers: endToEnd(request), ...(hasBody ? { body } : {}) });
  await pass(await supabase.fetch(asked, request.socket.remoteAddress ?? null), url, request, response);
}

function endToEnd(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const [name, value] = request.rawHeaders.slice(i, i + 2);
    if (name !== undefined && value !== undefined && !hopByHop.test(name.toLowerCase())) headers.append(name, value);
  }
  return headers;
}

async function pass(answer: Response, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of answer.headers) {
    // Everything that is allowed to ask here is of the same origin.
    if (!hopByHop.test(name) && !name.startsWith('access-control-')) response.setHeader(name, value);
  }
  response.setHeader('cache-control', 'no-store');
  response.statusCode = answer.status;
  if (answer.body === null || request.method === 'HEAD') {
    response.end();
    return;
  }
  const content = Readable.from(answer.body, { objectMode: false });
  const encoding = encodingFor(answer, url, request);
  if (encoding === null) return pipeline(content, response);
  response.setHeader('content-encoding', encoding);
  response.appendHeader('vary', 'accept-encoding');
  await pipeline(content, compressQuickly(encoding), response);
}

/** Tokens are not compressed: the size of an answer must not tell anything about them. */
function encodingFor(answer: Response, url: URL, request: IncomingMessage) {
  const { headers } = answer;
  const small = Number(headers.get('content-length') ?? Number.POSITIVE_INFINITY) < worthBytes;
  if (small || url.pathname.startsWith('/auth/') || headers.has('content-encoding')) return null;
  return isText(headers.get('content-type') ?? '') ? acceptedEncoding(request.headers['accept-encoding']) : null;
}
