import { type Clock, clockAbove, clockMs, laterClock } from '../../contract/clock.ts';
import type { EntityRecord, LocalField, SyncState } from '../../contract/database.ts';
import type { Kind } from '../../contract/entities.ts';

type WaitingRecord = Pick<EntityRecord<Kind>, 'local'>;

/** A record's local fields by name, for code that treats every kind alike. */
export function localFields(record: WaitingRecord): [field: string, local: LocalField<unknown>][] {
  return Object.entries(record.local) as [string, LocalField<unknown>][];
}

function inOrderOfWriting(records: Iterable<WaitingRecord>, which: (local: LocalField<unknown>) => boolean) {
  return [...records]
    .flatMap((record) => localFields(record).map(([, local]) => local))
    .filter(which)
    .sort((a, b) => a.written.order - b.written.order);
}

/**
 * Gives every local field that has no clock yet its own, in order of writing, and returns the highest clock there is now.
 * Each is above all that this device had seen when the field was written and all that it fixed before.
 */
export function fixClocks(
  records: Iterable<WaitingRecord>,
  state: Pick<SyncState, 'device' | 'offset' | 'seen' | 'fixed'>,
): Pick<SyncState, 'seen' | 'fixed'> {
  let fixed = state.fixed;
  for (const local of inOrderOfWriting(records, (field) => field.clock === null)) {
    const { device, server, seen } = local.written;
    const ms = Math.max(device + (state.offset ?? 0), server ?? 0, 0);
    fixed = clockAbove(ms, laterClock(seen, fixed), state.device);
    local.clock = fixed;
  }
  return { fixed, seen: laterClock(state.seen, fixed) };
}

/**
 * After the server said that a clock was ahead of it: fixes those of the refused request again, in the same order and none
 * above the server's time, and forgets clocks seen that only this device can have made.
 */
export function fixClocksAgain(
  records: Iterable<WaitingRecord>,
  sent: ReadonlySet<Clock>,
  state: Pick<SyncState, 'device' | 'offset' | 'seen'>,
  serverTime: number,
): Pick<SyncState, 'seen' | 'fixed'> {
  let fixed: Clock | null = null;
  for (const local of inOrderOfWriting(records, ({ clock }) => clock !== null && sent.has(clock))) {
    const { device, server, seen } = local.written;
    const ms = Math.min(serverTime, Math.max(device + (state.offset ?? 0), server ?? 0, 0));
    const above = clockAbove(ms, laterClock(seen, fixed), state.device);
    fixed = clockMs(above) > serverTime ? clockAbove(ms, fixed, state.device) : above;
    local.clock = fixed;
  }
  const stillSeen = state.seen !== null && clockMs(state.seen) > serverTime ? fixed : state.seen;
  return { fixed, seen: laterClock(stillSeen, fixed) };
}
