import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { bundle } from './bundle.ts';

const source = (file: string) => JSON.stringify(fileURLToPath(new URL(`../../src/read/${file}`, import.meta.url)));
const entry = `
  export { openDB } from 'idb';
  export { readMessages } from ${source('read-messages.ts')};
  export { readConversationList } from ${source('read-conversation-list.ts')};`;

let script: Promise<string> | null = null;

/** Gives the page the app's own readers once more, under a name: those it has are out of reach. */
export async function giveReaders(page: Page): Promise<void> {
  script ??= bundle(entry, 'readers');
  await page.evaluate(`${await script}; window.readers = readers;`);
}
