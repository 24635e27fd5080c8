import type { World } from '../world.ts';

/** 7: nobody's data goes to the server as somebody else's. Also notes in the ledger what the server has. */
export function watchRequests(world: World): void {
  const { server, ledger } = world;
  server.watch = (user, request, answer) => {
    if (answer !== null) {
      if (answer.is !== 'synced') return;
      ledger.processed(request, answer, server.processed);
      if (request.ops.length > 0) world.lines.poke(user, { seq: answer.cursor.seq, device: request.device });
      const told = world.told.get(user) ?? new Set<string>();
      world.told.set(user, told);
      for (const { id } of [...answer.results, ...(answer.changes as { id: string }[])]) told.add(id);
      return;
    }
    for (const { id } of request.ops) {
      if (ledger.owners.has(id) && !ledger.owners.get(id)?.has(user)) {
        world.breaks(
          '7 nobody sees another’s data',
          `${id} was sent as ${user}, but is of ${[...(ledger.owners.get(id) ?? [])].join(', ') || 'nobody'}`,
        );
      }
    }
  };
}
