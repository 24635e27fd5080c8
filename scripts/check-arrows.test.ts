import { describe, expect, test } from 'vitest';
import { forbiddenArrows } from './check-arrows.mjs';

const ways: [way: string, source: (specifier: string) => string][] = [
  ['a static import', (specifier) => `import { thing } from '${specifier}';`],
  ['a type import over lines', (specifier) => `import type {\n  Thing,\n} from '${specifier}';`],
  ['a bare import', (specifier) => `import '${specifier}';`],
  ['a re-export', (specifier) => `export { thing } from '${specifier}';`],
  ['a dynamic import', (specifier) => `const thing = await import('${specifier}');`],
];

describe.each(ways)('the direction of imports, by %s', (_way, source) => {
  test.each([
    ['src/app.tsx', '../sw/engine/cycle.ts'],
    ['src/app.tsx', '@supabase/supabase-js'],
    ['src/read/list.ts', '../../server/main.ts'],
    ['sw/service-worker.ts', '../src/app.tsx'],
    ['sw/engine/cycle.ts', '../store/account.ts'],
    ['sw/engine/cycle.ts', 'idb'],
    ['sw/engine/cycle.ts', 'node:fs'],
    ['contract/wire.ts', '../sw/engine/ports.ts'],
    ['contract/wire.ts', 'preact'],
    ['server/main.ts', '../sw/store/account.ts'],
    ['e2e/two-devices.spec.ts', '../src/words/en.ts'],
    ['scripts/start.mjs', '../server/main.ts'],
  ])('%s may not load %s', (file, specifier) => {
    expect(forbiddenArrows(file, source(specifier))).toHaveLength(1);
  });

  test.each([
    ['src/app.tsx', '../contract/entities.ts'],
    ['src/app.tsx', 'preact'],
    ['sw/store/account.ts', 'idb'],
    ['sw/store/account.ts', '../engine/ports.ts'],
    ['sw/engine/cycle.test.ts', 'vitest'],
    ['e2e/two-devices.spec.ts', '../server/testing/start-atlas.ts'],
  ])('%s may load %s', (file, specifier) => {
    expect(forbiddenArrows(file, source(specifier))).toEqual([]);
  });
});
