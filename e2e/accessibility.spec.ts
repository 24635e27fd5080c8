import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures/atlas-test.ts';
import type { Device } from './fixtures/device.ts';

const sizes = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

async function findsNothing(a: Device, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: a.page }).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${screen}: ${id} at ${nodes.map(({ target }) => target).join(', ')}`,
  );
  expect.soft(found).toEqual([]);
}

for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`nothing is in the way of assistive technology: ${size}, ${colorScheme}`, async ({ device, person }) => {
      const a = await device({ context: { viewport, colorScheme } });
      await findsNothing(a, 'first run');
      await a.showsList();
      await a.account.click();
      await findsNothing(a, 'account menu');
      await a.page.keyboard.press('Escape');
      await a.fillsIn(person);
      await findsNothing(a, 'sign-in');
      await a.signInDialog.getByRole('button', { name: 'Sign in' }).click();
      await a.isSignedIn();
      await a.startsConversation();
      await a.writes('A message', 'Another');
      await a.seesState('Another', 'Sent');
      await findsNothing(a, 'conversation');
      await a.goesOffline();
      await a.writes('One that waits');
      await findsNothing(a, 'offline');
      for (const path of ['/', '/settings', '/trash', '/attention']) {
        await a.page.goto(`${a.network.address}${path}`);
        await expect(a.page.getByRole('heading').first()).toBeVisible();
        await findsNothing(a, path);
      }
    });
  }
}
