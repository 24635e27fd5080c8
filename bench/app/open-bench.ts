import { readFile } from 'node:fs/promises';
import { type Browser, chromium } from '@playwright/test';
import type { AnyRow } from '../../contract/entities.ts';
import type { Synced } from '../../contract/wire.ts';
import { newPerson, type Person } from '../../e2e/fixtures/people.ts';
import { openTestServer, type TestServer } from '../../e2e/fixtures/test-server.ts';
import config from '../../playwright.config.ts';
import { type Person as Asking, password, signUp } from '../../server/testing/ask-atlas.ts';
import type { Setting } from './app-setting.ts';
import { type OtherDevice, openOtherDevice } from './other-device.ts';

/** Everything that the measurements share: the built app with its server, a browser, and an account with a history. */
export interface Bench {
  setting: Setting;
  server: TestServer;
  browser: Browser;
  person: Person;
  /** The same person without a browser. */
  asking: Asking;
  other: OtherDevice;
  /** What a request of this person carries. */
  headers: Record<string, string>;
  say(what: string): void;
  close(): Promise<void>;
}

export async function openBench(setting: Setting, say: (what: string) => void): Promise<Bench> {
  const server = await openTestServer();
  const browser = await chromium.launch(config.use?.launchOptions ?? {});
  const close = async () => {
    await browser.close();
    await server.stop();
  };
  try {
    const person = { ...newPerson(), password };
    const asking = await signUp(server.address, person.email);
    const config = (await (await fetch(`${server.address}/config.json`)).json()) as { publishableKey: string };
    const other = await openOtherDevice(asking);
    const { conversations, messages } = setting;
    await other.writeHistory(conversations, messages, (written) => say(`${written} rows of history are on the server`));
    await fillRaw(server, asking);
    return {
      setting,
      server,
      browser,
      person,
      asking,
      other,
      say,
      close,
      headers: {
        apikey: config.publishableKey,
        authorization: `Bearer ${asking.token}`,
        'content-type': 'application/json',
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Everything of a person as it comes over the wire. */
export async function everyRow({ sync }: Asking): Promise<AnyRow[]> {
  const rows: AnyRow[] = [];
  let at: Pick<Synced, 'epoch' | 'cursor'> | { epoch: null; cursor: null } = { epoch: null, cursor: null };
  for (;;) {
    const { epoch, cursor } = at;
    const { body } = await sync({ v: 1, device: 'benchreader0', epoch, cursor, ops: [], limit: 5_000 });
    const answer: Synced = body;
    rows.push(...(answer.changes as AnyRow[]));
    if (!answer.more) return rows;
    at = answer;
  }
}

async function fillRaw({ sql }: TestServer, asking: Asking): Promise<void> {
  await sql.unsafe(await readFile(new URL('raw/raw.sql', import.meta.url), 'utf8')).simple();
  const rows = JSON.stringify(await everyRow(asking));
  await sql`select raw.fill((select id from auth.users where email = ${asking.email}), ${rows}::text::json)`;
}
