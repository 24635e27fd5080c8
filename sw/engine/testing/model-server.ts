import { type Clock, clockMs } from '../../../contract/clock.ts';
import { entities, type Kind } from '../../../contract/entities.ts';
import { clockToleranceMs } from '../../../contract/limits.ts';
import type { Answer, Op, Policy, Result, SyncRequest } from '../../../contract/wire.ts';

type ModelRow = Record<string, unknown> & { kind: Kind; id: string; seq: number; clocks: Record<string, Clock> };
interface ModelTombstone {
  kind: Kind;
  id: string;
  seq: number;
}

const neverSet = '000000000000000.0000.000000000000' as Clock;
const defaults: Record<Kind, Record<string, unknown>> = {
  conversation: { title: '', trashed: false },
  message: { text: '' },
};

/** docs/protocol.md in the fewest words: one user's data on a server, in memory. */
export class ModelServer {
  time = 1_800_000_000_000;
  epochs = [{ epoch: 'first', from: 0 }];
  rows = new Map<string, ModelRow>();
  gone = new Map<string, ModelTombstone>();
  head = 0;
  policy: Policy = { tier: 'studio', interval: 30, maxOps: 500, maxPull: 5_000 };

  get epoch(): string {
    return this.epochs.at(-1)?.epoch ?? '';
  }

  answer(request: SyncRequest): Answer {
    const envelope = { v: 1, epoch: this.epoch, time: this.time };
    if (request.epoch !== null && request.epoch !== this.epoch) {
      return { is: 'reset', ...envelope, epochs: structured(this.epochs) };
    }
    const ahead = request.ops.some((op) => clocks(op).some((clock) => clockMs(clock) > this.time + clockToleranceMs));
    if (ahead) return { is: 'clock', ...envelope };

    const outcomes = request.ops.map((op) => this.apply(op));
    const results = request.ops.map((op, index) => outcomes[index] ?? this.stored(op));
    const { changes, cursor, more } = this.pull(request);
    const told = new Map(results.flatMap((result) => ('seq' in result ? [[result.id, result.seq] as const] : [])));
    const news = changes.filter(({ id, seq }) => told.get(id) !== seq);
    return structured({ is: 'synced', ...envelope, results, changes: news, cursor, more, policy: this.policy });
  }

  /** Puts the server back to what it was when `backup` was taken, in a new epoch. */
  restore(backup: Pick<ModelServer, 'rows' | 'gone' | 'head'>, epoch: string): void {
    this.rows = new Map([...backup.rows].map(([id, row]) => [id, structured(row)]));
    this.gone = new Map(backup.gone);
    this.head = backup.head;
    this.epochs.push({ epoch, from: backup.head });
  }

  backup(): Pick<ModelServer, 'rows' | 'gone' | 'head'> {
    return {
      rows: new Map([...this.rows].map(([id, row]) => [id, structured(row)])),
      gone: new Map(this.gone),
      head: this.head,
    };
  }

  private apply(op: Op): Result | null {
    const { kind, id } = op;
    const home = 'made' in op && op.kind === 'message' ? op.made.conversation : null;
    const tombstone = this.gone.get(id) ?? (home === null ? undefined : this.gone.get(home));
    if (tombstone !== undefined) return { id, is: 'gone', seq: tombstone.seq };
    if ('purge' in op) return { id, is: 'gone', seq: this.purge(kind, id) };
    if (home !== null && !this.rows.has(home)) return { id, is: 'refused', code: 'no-conversation' };

    let row = this.rows.get(id);
    const fresh = row === undefined;
    if (row === undefined) {
      const fields = Object.keys(entities[kind].fields);
      const none = Object.fromEntries(fields.map((field) => [field, neverSet]));
      row = { kind, id, seq: 0, clocks: none, ...op.made, ...defaults[kind] };
      this.rows.set(id, row);
    }
    let changed = fresh;
    for (const [field, [value, clock]] of Object.entries(op.set) as [string, [unknown, Clock]][]) {
      if (clock <= (row.clocks[field] ?? neverSet)) continue;
      if (field === 'trashed') row.trashedAt = value ? this.time : null;
      row[field] = value;
      row.clocks[field] = clock;
      changed = true;
    }
    if (!changed) return null;
    row.seq = ++this.head;
    if (fresh && kind === 'conversation') {
      Object.assign(row, { activity: row.seq, at: this.time, count: 0, preview: '', trashedAt: row.trashedAt ?? null });
    }
    if (fresh && home !== null) this.received(row, home);
    return null;
  }

  private received(message: ModelRow, home: string): void {
    Object.assign(message, { pos: message.seq, at: this.time });
    const conversation = this.rows.get(home);
    if (conversation === undefined) return;
    const written = message.clocks.text ?? neverSet;
    if (message.role === 'user' && written > (conversation.clocks.trashed ?? neverSet)) {
      conversation.trashed = false;
      conversation.trashedAt = null;
      conversation.clocks.trashed = written;
    }
    conversation.count = (conversation.count as number) + 1;
    conversation.preview = String(message.text).slice(0, 120);
    conversation.activity = message.seq;
    conversation.at = this.time;
    conversation.seq = ++this.head;
  }

  private purge(kind: Kind, id: string): number {
    for (const [other, row] of this.rows) if (other === id || row.conversation === id) this.rows.delete(other);
    const seq = ++this.head;
    this.gone.set(id, { kind, id, seq });
    return seq;
  }

  private stored(op: Op): Result {
    const row = this.rows.get(op.id);
    if (row === undefined || 'purge' in op) throw new Error(`nothing is stored of ${op.id}`);
    const { kind: _, id: __, seq, clocks: all, ...values } = row;
    const set = op.set as Record<string, [unknown, Clock]>;
    const sent: Record<string, unknown> = { ...op.made };
    for (const [field, [value]] of Object.entries(set)) sent[field] = value;
    const differing = Object.entries(values).filter(([name, value]) => !(name in sent) || sent[name] !== value);
    const otherClocks = Object.entries(all).filter(([field, clock]) => set[field]?.[1] !== clock);
    const differs: Record<string, unknown> = Object.fromEntries(differing);
    if (otherClocks.length > 0) differs.clocks = Object.fromEntries(otherClocks);
    return { id: op.id, is: 'stored', seq, differs };
  }

  private pull({ cursor, limit }: SyncRequest) {
    const all = [...this.rows.values(), ...[...this.gone.values()].map((one) => ({ ...one, gone: true }))];
    const from = cursor ?? { seq: this.head, floor: this.head + 1 };
    const { floor } = from;
    if (floor !== null) {
      const below = [...this.rows.values()].filter(({ seq }) => seq < floor && seq <= from.seq);
      const page = below.sort((a, b) => b.seq - a.seq).slice(0, limit);
      const reached = page.length === below.length ? null : (page.at(-1)?.seq ?? null);
      return {
        changes: page,
        cursor: { seq: from.seq, floor: reached },
        more: reached !== null || this.head > from.seq,
      };
    }
    const above = all.filter(({ seq }) => seq > from.seq).sort((a, b) => a.seq - b.seq);
    const page = above.slice(0, limit);
    const more = page.length < above.length;
    return { changes: page, cursor: { seq: more ? (page.at(-1)?.seq ?? from.seq) : this.head, floor: null }, more };
  }
}

function clocks(op: Op): Clock[] {
  return 'set' in op ? (Object.values(op.set) as [unknown, Clock][]).map(([, clock]) => clock) : [];
}

function structured<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
