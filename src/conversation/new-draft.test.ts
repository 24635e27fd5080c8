import { expect, test, vi } from 'vitest';
import type { Command } from '../../contract/page-messages.ts';
import { noteChange } from '../changes.ts';
import { standing } from '../standing.ts';
import { draftOf, followDrafts, typeText } from './drafts.ts';
import { addToNewDraft, sparingNewDraft } from './new-draft.ts';

/** What the device keeps as the draft of new conversations, per database. */
const device = vi.hoisted(() => ({ drafts: {} as Record<string, string> }));

vi.mock('../commands.ts', () => ({
  ask: async (command: Command, { database }: { database: string }) => {
    if (command.do === 'keep-draft') device.drafts[database] = command.text;
    return { ok: true };
  },
}));
vi.mock('../read/open-database.ts', () => ({ readFrom: async (database: string) => device.drafts[database] ?? '' }));

function use(database: string, draft: string): void {
  device.drafts[database] = draft;
  standing.value = { database, user: null, syncing: false };
}

test('a text goes after what stands in the composer already, and is kept', async () => {
  use('a', 'from yesterday');
  expect(await addToNewDraft('found again')).toBe(true);
  expect(draftOf('new').text.value).toBe('from yesterday\n\nfound again');
  expect(device.drafts.a).toBe('from yesterday\n\nfound again');
});

test('a conversation written from elsewhere does not take the draft of new ones with it', async () => {
  use('b', '');
  const stop = followDrafts();
  typeText(draftOf('new'), 'for later');
  await sparingNewDraft(async () => {
    // The worker clears the draft with every new conversation, and says that something changed.
    device.drafts.b = '';
    noteChange({ conversations: ['c1'], all: false });
  });
  await vi.waitFor(() => expect(device.drafts.b).toBe('for later'));
  expect(draftOf('new').text.value).toBe('for later');
  stop();
});
