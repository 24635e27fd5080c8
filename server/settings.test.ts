import { expect, test } from 'vitest';
import { Refusal } from './refusal.ts';
import { readSettings } from './settings.ts';

test('with nothing set, Atlas takes port 4321 of the loopback address and gives new accounts the tier studio', () => {
  expect(readSettings({})).toMatchObject({
    port: 4321,
    host: null,
    databaseUrl: null,
    database: null,
    defaultTier: 'studio',
  });
});

test('a variable that is set to nothing counts as not set', () => {
  expect(readSettings({ PORT: '', HOST: ' ' })).toMatchObject({ port: 4321, host: null });
});

test.each([
  ['PORT', 'abc', 'PORT must be a whole number from 0 to 65535 (0 takes any free port), but is "abc".'],
  ['PORT', '65536', 'PORT must be a whole number from 0 to 65535 (0 takes any free port), but is "65536".'],
  ['PORT', '-1', 'PORT must be a whole number from 0 to 65535 (0 takes any free port), but is "-1".'],
  ['HOST', 'a b', 'HOST must be a host name or an IP address, but is "a b".'],
  ['ATLAS_DATABASE', 'mysql', 'ATLAS_DATABASE must be postgres or pglite, but is "mysql".'],
  ['ATLAS_DEFAULT_TIER', 'gold', 'ATLAS_DEFAULT_TIER must be free, core or studio, but is "gold".'],
  [
    'DATABASE_URL',
    'mysql://me:secret@db',
    'DATABASE_URL must be an address like postgres://user:password@host:5432/database.',
  ],
])('a wrong %s (%s) is named in one plain sentence', (name, value, sentence) => {
  expect(readSettings({ [name]: value })).toEqual(new Refusal('setting', sentence));
});

test.each(['localhost', '0.0.0.0', '::', '::1', '192.168.0.7', 'atlas.example.org'])('HOST may be %s', (host) => {
  expect(readSettings({ HOST: host })).toMatchObject({ host });
});

test('two databases named at once are refused', () => {
  const both = readSettings({ DATABASE_URL: 'postgres://a@b/c', ATLAS_DATABASE: 'pglite' });
  expect(both).toBeInstanceOf(Refusal);
});
