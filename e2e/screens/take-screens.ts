import { expect, test } from '../fixtures/atlas-test.ts';
import type { Device } from '../fixtures/device.ts';
import { fixTime } from './fixed-time.ts';

const sizes = { phone: { width: 360, height: 740 }, desktop: { width: 1440, height: 900 } };

const past: [title: string, texts: string[], last: string][] = [
  ['Bread that rises slowly', ['Bread that rises slowly', 'How long may it stay in the cold?'], '2026-11-12T18:20:00Z'],
  [
    'A speech for Maria’s 70th',
    ['A speech for Maria’s 70th', 'Five minutes, warm, two jokes.'],
    '2026-11-16T20:05:00Z',
  ],
  ['Why is the sky blue in Portuguese?', ['Why is the sky blue in Portuguese?'], '2026-11-16T21:47:00Z'],
  [
    'Three days in the Harz mountains',
    [
      'Three days in the Harz mountains',
      'By train, with one rucksack each. We like forests, old towns and good soup.',
      'Day one: Goslar. Day two: over the Brocken on foot.\n\nWhat would you do on the third, if it rains?',
    ],
    '2026-11-17T09:32:00Z',
  ],
];

async function picture(device: Device, name: string): Promise<void> {
  await expect(device.page).toHaveScreenshot(`${name}.png`);
}

for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${size}, ${colorScheme}`, async ({ device, person, server }) => {
      const name = (screen: string) => `${screen}-${size}-${colorScheme}`;
      const writer = await device();
      await writer.signsIn(person);
      for (const [title, texts, last] of past) {
        await writer.startsConversation();
        await writer.writes(...texts);
        await writer.seesAllSent();
        await server.wasActive(person, title, new Date(last));
      }
      await writer.quits();

      const a = await device({
        context: { viewport, colorScheme, deviceScaleFactor: 1, timezoneId: 'UTC', reducedMotion: 'reduce' },
      });
      await fixTime(a);
      await picture(a, name('first-run'));
      await a.fillsIn({ email: 'ada@example.com', password: 'quiet river' });
      await picture(a, name('sign-in'));
      await a.signInDialog.getByRole('button', { name: 'Close' }).click();
      await a.signsIn(person);
      await a.opensConversation('Three days in the Harz mountains');
      await a.seesStatus(/Synced just now/);
      await expect(a.ownMessages).toHaveCount(3);
      await picture(a, name('conversation'));
      await a.showsList();
      await a.seesConversation('Bread that rises slowly');
      if (size === 'phone') await picture(a, name('list'));
      await a.goesOffline();
      await a.opensConversation('Three days in the Harz mountains');
      await a.writes('And which of the two towns has the better bakery?', 'I can wait for the answer.');
      await a.seesStatus(/Offline · 2 waiting/);
      await picture(a, name('offline'));

      // A second device, which has not slept, deletes for good what this one writes in.
      const other = await device();
      await other.signsIn(person);
      await other.opensConversation('Three days in the Harz mountains');
      await other.deletes();
      await other.page.getByRole('link', { name: 'Trash' }).click();
      await other.page.getByRole('button', { name: 'Delete forever' }).click();
      await other.page.getByRole('alertdialog').getByRole('button', { name: 'Delete forever' }).click();
      await other.syncsNow();
      await expect.poll(() => server.titlesOf(person)).toHaveLength(past.length - 1);
      await other.quits();
      await a.comesOnline();
      await a.page.goto(`${a.network.address}/attention`);
      await expect(a.page.getByRole('region', { name: 'Needs attention' }).getByRole('listitem')).toHaveCount(2);
      await a.seesStatus(/Synced just now/);
      await picture(a, name('attention'));
    });
  }
}
