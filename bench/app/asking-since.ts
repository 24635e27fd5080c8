import type { Cursor } from '../../contract/wire.ts';
import type { Person } from '../../server/testing/ask-atlas.ts';

/** Where a device stands that has everything. */
export interface Place {
  epoch: string;
  cursor: Cursor;
}

const device = 'benchraw0000';

/** The place after everything that is there now. */
export async function whereNow({ sync }: Person): Promise<Place> {
  const { body } = await sync({ v: 1, device, epoch: null, cursor: null, ops: [], limit: 1 });
  return { epoch: body.epoch, cursor: { seq: body.cursor.seq, floor: null } };
}

/** The body that asks for all that came after this place. */
export function everythingSince({ epoch, cursor }: Place): string {
  return JSON.stringify({ request: { v: 1, device, epoch, cursor, ops: [], limit: 5_000 } });
}
