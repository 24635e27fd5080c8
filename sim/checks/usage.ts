import type { World } from '../world.ts';

/** 2: usage is what people wrote while signed in, each message once; and no message is there twice. */
export function checkUsage({ server, ledger, breaks }: World): void {
  for (const [user, { account }] of server.accounts) {
    const texts = new Set<string>();
    for (const { id, text } of account.messages.values()) {
      if (texts.has(text)) breaks('2 exactly once', `${user} has ${text} twice`);
      texts.add(text);
      const said = ledger.of(id, 'text');
      if (said.length === 0) breaks('2 exactly once', `nobody wrote ${id}`);
    }
    for (const id of account.used.keys()) {
      if (!ledger.live.has(id)) breaks('2 exactly once', `${id} is counted, and was no use`);
    }
  }
}
