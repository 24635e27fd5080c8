import { createHash } from 'node:crypto';
import { storeNames } from '../contract/account-stores.ts';
import type { World } from './world.ts';

/** What a world has become, in a few letters. */
export function fingerprint({ turns, browsers, server, broken }: World): string {
  const hash = createHash('sha256');
  const said = (value: unknown) => hash.update(JSON.stringify(value) ?? '');
  said([turns.now, turns.taken, broken]);
  for (const browser of browsers) {
    said([browser.registry.contents.kept, browser.network.sent]);
    for (const { name, commits, contents } of browser.allDisks()) {
      said([name, commits, storeNames.map((store) => contents.database.recordsOf(store))]);
    }
  }
  for (const [user, { account }] of server.accounts) {
    said([user, account.head, [...account.conversations], [...account.messages], [...account.tombstones]]);
  }
  return hash.digest('hex').slice(0, 16);
}
