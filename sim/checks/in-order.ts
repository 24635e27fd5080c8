import type { World } from '../world.ts';

/** 9: what one browser wrote in a conversation stands there in the order of writing, whatever its clock said. */
export function checkOrder({ server, ledger, shuffled, breaks }: World): void {
  if (shuffled) return;
  const places = new Map<string, number>();
  for (const { account } of server.accounts.values())
    for (const { id, pos } of account.messages.values()) places.set(id, pos);
  const last = new Map<string, number>();
  for (const { id, kind, command } of ledger.writes) {
    const pos = places.get(id);
    if (kind !== 'message' || pos === undefined) continue;
    const stretch = `${command.split(' ')[0]} in ${ledger.homes.get(id)}`;
    if (pos < (last.get(stretch) ?? 0))
      breaks('9 wrong clocks reorder nothing', `${id} of ${stretch} stands too early`);
    last.set(stretch, pos);
  }
}
