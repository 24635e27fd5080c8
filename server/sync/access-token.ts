import { createHmac, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';

const HeaderSchema = v.strictObject({ alg: v.literal('HS256'), typ: v.optional(v.literal('JWT')) });

const seconds = v.number();
const ClaimsSchema = v.looseObject({
  sub: v.pipe(v.string(), v.uuid()),
  role: v.literal('authenticated'),
  aud: v.literal('authenticated'),
  exp: seconds,
  iat: v.optional(seconds),
  nbf: v.optional(seconds),
});

const bearer = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/**
 * What the access token of a signed-in user claims, as the JSON that was signed; null for whatever is not beyond doubt:
 * another way of signing, another role, a time that is not now.
 */
export function verifiedClaims(authorization: string | undefined, secret: string, now: number): string | null {
  const [, header, payload, signature] = bearer.exec(authorization ?? '') ?? [];
  if (header === undefined || payload === undefined || signature === undefined) return null;
  if (!v.safeParse(fromJson(HeaderSchema), decoded(header)).success) return null;
  const wanted = Buffer.from(createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url'));
  const given = Buffer.from(signature);
  if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) return null;
  const text = decoded(payload);
  const claims = v.safeParse(fromJson(ClaimsSchema), text);
  if (!claims.success) return null;
  const { exp, iat = 0, nbf = 0 } = claims.output;
  const second = Math.floor(now / 1_000);
  return exp > second && iat <= second && nbf <= second ? text : null;
}

function decoded(part: string): string {
  return Buffer.from(part, 'base64url').toString('utf8');
}

function fromJson<S extends v.GenericSchema>(schema: S) {
  return v.pipe(v.string(), v.parseJson(), schema);
}
