import type { OutboxEntry } from '../../contract/database.ts';
import { kinds } from '../../contract/entities.ts';
import type { AnyRecord, Stored } from './ports.ts';

/** Records of these entries, by id. */
export async function readRecords(stored: Stored, entries: readonly OutboxEntry[]): Promise<Map<string, AnyRecord>> {
  const records = new Map<string, AnyRecord>();
  for (const kind of kinds) {
    const ids = entries.filter((entry) => entry.kind === kind && entry.purge !== true).map(({ id }) => id);
    if (ids.length === 0) continue;
    for (const [id, record] of await stored.entities(kind, ids)) records.set(id, record);
  }
  return records;
}

export interface Walked {
  /** Entries that may be sent now, in order of writing. */
  ready: OutboxEntry[];
  /** Records of all entries that were passed. */
  records: Map<string, AnyRecord>;
  /** The order of the last one. */
  last: number;
  /** Entries passed. */
  count: number;
  /** There are no more behind it. */
  atEnd: boolean;
}

/**
 * Goes through the outbox in order of writing until it has found so many that may be sent now: not what was refused, not
 * messages of a conversation that was refused before the server had it, and not what is in `except`. Whatever its length,
 * no more is read than that takes.
 */
export async function walkOutbox(stored: Stored, wanted: number, except: ReadonlySet<string>): Promise<Walked> {
  const walked: Walked = {
    ready: [],
    records: new Map(),
    last: Number.NEGATIVE_INFINITY,
    count: 0,
    atEnd: false,
  };
  const homeless = new Set<string>();
  while (walked.ready.length < wanted && !walked.atEnd) {
    const stretch = await passStretch(stored, walked, Math.min(500, wanted - walked.ready.length));
    for (const entry of stretch) {
      const record = walked.records.get(entry.id);
      if (entry.state === 'refused') {
        if (record?.base === null) homeless.add(entry.id);
      } else if (!except.has(entry.id) && !(record?.kind === 'message' && homeless.has(record.conversation))) {
        walked.ready.push(entry);
      }
    }
  }
  return walked;
}

/** Goes on to all entries up to that place, whatever they are. */
export async function walkTo(stored: Stored, walked: Walked, order: number): Promise<void> {
  while (walked.last < order && !walked.atEnd) await passStretch(stored, walked, 100);
}

async function passStretch(stored: Stored, walked: Walked, most: number): Promise<OutboxEntry[]> {
  const found = await stored.outbox(walked.last, most);
  const stretch = found.filter(({ order }) => order > walked.last);
  for (const [id, record] of await readRecords(stored, stretch)) walked.records.set(id, record);
  walked.last = stretch.at(-1)?.order ?? walked.last;
  walked.count += stretch.length;
  walked.atEnd = stretch.length < most;
  return stretch;
}

/** Whether anything may be sent now. */
export async function hasReady(stored: Stored, except: ReadonlySet<string>): Promise<boolean> {
  return (await walkOutbox(stored, 1, except)).ready.length > 0;
}
