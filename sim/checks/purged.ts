import type { AccountDisk } from '../account-disk.ts';
import type { Browser } from '../browser.ts';
import type { World } from '../world.ts';

/** 5: what was purged for good is gone everywhere. */
export function checkPurged({ server, ledger, browsers, breaks }: World): void {
  for (const purge of ledger.purges) {
    if (!purge.acknowledged) continue;
    for (const [user, { account, deleted }] of server.accounts) {
      if (deleted) continue;
      // A copy of his profile that nobody signed in with says nothing to the server.
      if (purge.serverAt === null && !holders(browsers, user).some((disk) => purge.places.has(disk))) continue;
      if (account.conversations.has(purge.id) || account.messages.has(purge.id)) {
        breaks('5 purged is gone', `${purge.kind} ${purge.id} is back on the server of ${user}`);
      }
    }
  }
}

function holders(browsers: Browser[], user: string): AccountDisk[] {
  return browsers.flatMap((browser) =>
    browser
      .accounts()
      .filter((account) => account.user?.id === user)
      .map(({ database }) => browser.disk(database)),
  );
}
