import { createHmac } from 'node:crypto';

export interface Forged {
  secret?: string;
  header?: object;
  claims?: object;
  /** Instead of the right one, or made of it. */
  signature?: string | ((signed: string) => string);
}

/** An access token as this server signs them, or wrong in one way. */
export function forgeToken({ secret = '', header, claims = {}, signature }: Forged): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part(header ?? { alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  const signed = createHmac('sha256', secret).update(head).digest('base64url');
  const last = typeof signature === 'function' ? signature(signed) : (signature ?? signed);
  return `${head}.${last}`;
}
