import { expect, test } from 'vitest';
import { type Forged, forgeToken } from '../testing/forge-token.ts';
import { verifiedClaims } from './access-token.ts';

const secret = 'a secret of this server';
const now = 1_800_000_000_000;
const second = now / 1_000;
const claims = {
  sub: '01900000-0000-7000-8000-000000000001',
  role: 'authenticated',
  aud: 'authenticated',
  iat: second - 10,
  exp: second + 10,
};

function verified(forged: Forged): string | null {
  return verifiedClaims(`Bearer ${forgeToken({ secret, claims, ...forged })}`, secret, now);
}

test('a token signed here for a user counts, and what it claims comes back as it was signed', () => {
  expect(JSON.parse(verified({}) ?? '')).toEqual(claims);
});

test.each<[what: string, forged: Forged]>([
  ['of another secret', { secret: 'another secret' }],
  ['unsigned', { header: { alg: 'none' }, signature: '' }],
  ['that says it needs no signature', { header: { alg: 'none', typ: 'JWT' } }],
  ['of another way of signing', { header: { alg: 'HS512', typ: 'JWT' } }],
  ['with rules nobody here knows', { header: { alg: 'HS256', crit: ['exp'], exp: 1 } }],
  ['whose signature is written in another way', { signature: (signed) => `${signed}=` }],
  ['cut off', { signature: (signed) => signed.slice(0, -1) }],
  ['that has expired', { claims: { ...claims, exp: second } }],
  ['that never expires', { claims: { ...claims, exp: undefined } }],
  ['from the future', { claims: { ...claims, iat: second + 1 } }],
  ['that does not count yet', { claims: { ...claims, nbf: second + 1 } }],
  ['of the service role', { claims: { ...claims, role: 'service_role' } }],
  ['of nobody', { claims: { ...claims, role: 'anon' } }],
  ['without a role', { claims: { ...claims, role: undefined } }],
  ['for another audience', { claims: { ...claims, aud: 'elsewhere' } }],
  ['without a user', { claims: { ...claims, sub: undefined } }],
  ['of a user that is no id', { claims: { ...claims, sub: "' or true" } }],
])('a token %s does not', (_what, forged) => {
  expect(verified(forged)).toBeNull();
});

test.each([undefined, '', 'Bearer ', 'Bearer a.b', 'bearer a.b.c', 'Basic a.b.c', 'Bearer a.b.c.d', 'Bearer !.!.!'])(
  'an authorization of %o does not',
  (authorization) => {
    expect(verifiedClaims(authorization, secret, now)).toBeNull();
  },
);
