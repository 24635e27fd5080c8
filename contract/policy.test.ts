import * as v from 'valibot';
import { expect, test } from 'vitest';
import { PolicySchema } from './wire.ts';

const policy = { tier: 'core', interval: 60, maxOps: 500, maxPull: 5_000 };

test('a server that says less, more, or something else of how a device is to behave is understood all the same', () => {
  expect(v.parse(PolicySchema, policy)).toEqual(policy);
  const more = { debounces: { title: { ms: 1_000, most: 2_000 } }, pageSizes: { first: 50, most: 500 } };
  expect(v.parse(PolicySchema, { ...policy, ...more, colour: 'blue' })).toEqual({ ...policy, ...more });
  expect(v.parse(PolicySchema, { ...policy, debounces: 7, pageSizes: { first: 'many' } })).toMatchObject(policy);
});
