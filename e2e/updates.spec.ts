import type { Page } from '@playwright/test';
import { expect, test } from './fixtures/atlas-test.ts';

const next = { after: '// the next version' };

function notice(page: Page) {
  return page.getByRole('status', { name: 'Update available' });
}

async function looksForUpdate(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
}

/** Presses Reload; ends when the page has come anew. */
async function takesUpdate(page: Page): Promise<void> {
  const reloaded = page.waitForEvent('load');
  await notice(page).getByRole('button', { name: 'Reload' }).click();
  await reloaded;
}

test('a newer version is offered in every tab and let in by one, and no tab loses what was typed', async ({
  device,
  otherWorker,
}) => {
  const a = await device({ through: otherWorker.address });
  await a.writes('Before the update');
  const other = await a.context.newPage();
  await other.goto(a.page.url());
  const there = other.getByRole('textbox', { name: 'Message' });
  await there.fill('Typed in the other tab');
  await a.composer.fill('Typed in this tab');

  otherWorker.serves(next);
  await looksForUpdate(a.page);
  await expect(notice(other)).toBeVisible();
  await notice(other).getByRole('button', { name: 'Later' }).click();
  await expect(notice(other)).toBeHidden();
  await takesUpdate(a.page);
  await a.isReady();
  await a.seesExactly(['Before the update']);
  await expect(a.composer).toHaveValue('Typed in this tab');

  // Nothing reloads by itself; the newer worker serves the older tab.
  await expect(there).toHaveValue('Typed in the other tab');
  await there.press('Enter');
  await a.sees('Typed in the other tab');
  // It is said again: this tab is the last of the old version.
  await expect(notice(other)).toBeVisible();
  await takesUpdate(other);
  await expect(other.getByRole('log', { name: 'Messages' })).toContainText('Typed in the other tab');
  await expect(notice(other)).toBeHidden();
});

test('what waits when a newer version takes over is sent by that', async ({ device, person, server, otherWorker }) => {
  const a = await device({ through: otherWorker.address });
  await a.signsIn(person);
  a.console.expectNetworkTrouble();
  const cut = a.network.when(
    'POST /rest/v1/rpc/sync',
    { on: 'request', does: 'cut', after: 0, end: 'reset', whenWhole: false },
    { times: Number.POSITIVE_INFINITY },
  );
  await a.writes('Written with the old version');
  otherWorker.serves(next);
  await looksForUpdate(a.page);
  await takesUpdate(a.page);
  cut.lift();
  await a.isReady();
  await a.syncsNow();
  await a.seesAllSent();
  expect((await server.messagesOf(person)).map(({ text }) => text)).toEqual(['Written with the old version']);
});

/** A version that lays the databases of accounts out anew. */
const laysOutAnew = {
  before: `{
    const open = indexedDB.open.bind(indexedDB);
    indexedDB.open = (name, version) => open(name, name === 'atlas' || !version ? version : version + 1);
  }`,
};

test('a tab from before the update lets go of the database, says so, and what is written in it still arrives', async ({
  device,
  person,
  server,
  otherWorker,
}) => {
  const a = await device({ through: otherWorker.address });
  await a.signsIn(person);
  await a.writes('Before');
  await a.seesAllSent();
  const other = await a.context.newPage();
  await other.goto(a.page.url());
  const there = other.getByRole('textbox', { name: 'Message' });
  await there.fill('Half a thought');

  otherWorker.serves(laysOutAnew);
  await looksForUpdate(a.page);
  await takesUpdate(a.page);
  await expect(other.getByRole('alert')).toContainText('Atlas was updated while this tab was open.');
  await expect(there).toHaveValue('Half a thought');
  await there.press('Enter');
  await expect
    .poll(async () => (await server.messagesOf(person)).map(({ text }) => text))
    .toEqual(['Before', 'Half a thought']);
});
