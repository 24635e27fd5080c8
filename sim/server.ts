import {
  type Answer,
  type History,
  type HistoryRequest,
  type Policy,
  protocolVersion,
  type SyncRequest,
} from '../contract/wire.ts';
import { coldLeastMs } from '../sw/engine/leave-cold.ts';
import { historyOf } from './model/history.ts';
import { type Backup, backup, type ModelServer, modelSync, newModelServer, restore } from './model/server.ts';
import type { Turns } from './turns.ts';

export interface HttpAnswer {
  status: number;
  body: unknown;
}

export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** Seconds since 1970. */
  expiresAt: number;
}

/** Requests with this in a text are refused as a whole, whoever else is in them. */
export const poisonOp = '☠';
/** Rows with this in a text go out in a shape that no client can read. */
export const poisonRow = '☢';

/** What leaves the devices because nobody looks at it is older than any backup that is put back. */
const oldestBackupMs = coldLeastMs;

const tokenSeconds = 3_600;
/** Where the life of the data begins in which an account was made. */
const nothingBefore = Number.MAX_SAFE_INTEGER;

/** The server of all accounts: the model of the protocol, and around it what fails in real ones. */
export class Server {
  readonly accounts = new Map<string, ModelServer>();
  /** Every request is answered with this. */
  outage: HttpAnswer | null = null;
  /** Users whose next answer has a row of a kind that nobody knows. */
  readonly strange = new Set<string>();
  /** Moves on with every request that is processed. */
  processed = 0;
  /** Called before a request of this user is processed, and with the answer after it. */
  watch: (user: string, request: SyncRequest, answer: Answer | null) => void = () => undefined;
  private readonly turns: Turns;
  private readonly policy: Policy;
  private readonly access = new Map<string, { user: string; until: number }>();
  private readonly refresh = new Map<string, string>();
  private saved: { accounts: Map<string, Backup>; at: number; time: number } | null = null;
  private issued = 0;
  private lives = 1;

  constructor(turns: Turns, policy: Policy) {
    this.turns = turns;
    this.policy = policy;
  }

  account(user: string): ModelServer {
    const known = this.accounts.get(user);
    if (known !== undefined) return known;
    const made = newModelServer([{ epoch: `epoch-${this.lives}`, from: nothingBefore }], this.policy);
    this.accounts.set(user, made);
    return made;
  }

  signIn(user: string): Tokens | null {
    if (this.account(user).deleted) return null;
    return this.issue(user);
  }

  /** New tokens for these; null where the server does not take them any more. */
  renew(refreshToken: string): Tokens | null {
    const user = this.refresh.get(refreshToken);
    if (user === undefined) return null;
    this.refresh.delete(refreshToken);
    return this.issue(user);
  }

  private issue(user: string): Tokens {
    const name = `${user}-${++this.issued}`;
    const until = this.turns.now + tokenSeconds * 1_000;
    this.access.set(`access-${name}`, { user, until });
    this.refresh.set(`refresh-${name}`, user);
    return { accessToken: `access-${name}`, refreshToken: `refresh-${name}`, expiresAt: Math.floor(until / 1_000) };
  }

  /** Ends every session of this user. */
  revoke(user: string): void {
    for (const [token, owner] of this.refresh) if (owner === user) this.refresh.delete(token);
    for (const [token, { user: owner }] of this.access) if (owner === user) this.access.delete(token);
  }

  deleteAccount(user: string): void {
    this.account(user).deleted = true;
  }

  answer(token: string, request: SyncRequest): HttpAnswer {
    if (this.outage !== null) return this.outage;
    const known = this.access.get(token);
    if (known === undefined || known.until <= this.turns.now) return refused(401, 'auth');
    if (JSON.stringify(request.ops).includes(poisonOp)) return refused(400, 'bad-request');
    this.processed += 1;
    this.watch(known.user, request, null);
    const answer = modelSync(this.account(known.user), request, this.turns.now);
    const said = JSON.parse(JSON.stringify(answer), mangled) as HttpAnswer;
    if (this.strange.delete(known.user)) addStrangeRow(said.body);
    if (said.status === 200) this.watch(known.user, request, said.body as Answer);
    return said;
  }

  history(token: string, request: HistoryRequest): History | { status: number; code: string } {
    const known = this.access.get(token);
    if (known === undefined || known.until <= this.turns.now) return { status: 401, code: 'auth' };
    const { account, epochs } = this.account(known.user);
    const epoch = epochs.at(-1)?.epoch ?? '';
    const said = { is: 'history', v: protocolVersion, epoch, time: this.turns.now, ...historyOf(account, request) };
    return JSON.parse(JSON.stringify(said)) as History;
  }

  keepBackup(): void {
    const accounts = new Map([...this.accounts].map(([user, account]) => [user, backup(account)]));
    this.saved = { accounts, at: this.processed, time: this.turns.now };
  }

  /** Puts every account back to the backup; returns what had been processed when it was made, null if there is no fresh one. */
  restoreBackup(): number | null {
    if (this.saved === null || this.turns.now - this.saved.time > oldestBackupMs) return null;
    const epoch = `epoch-${++this.lives}`;
    for (const [user, account] of this.accounts) {
      const empty = backup(newModelServer([{ epoch: 'epoch-1', from: nothingBefore }], this.policy));
      restore(account, this.saved.accounts.get(user) ?? empty, epoch);
    }
    return this.saved.at;
  }
}

export function refused(status: number, code: string, retryAfter?: number): HttpAnswer {
  return { status, body: { is: 'refused', code, message: '', ...(retryAfter === undefined ? {} : { retryAfter }) } };
}

function addStrangeRow(body: unknown): void {
  if (typeof body !== 'object' || body === null || !('changes' in body) || !Array.isArray(body.changes)) return;
  body.changes.push({ kind: 'note', id: 'ffffffff-ffff-7fff-bfff-ffffffffffff', seq: 1, ink: 'blue' });
}

/** Spoils what holds the poison, wherever it stands in the answer. */
function mangled(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('text' in value)) return value;
  return String(value.text).includes(poisonRow) ? { ...value, pos: 'nowhere' } : value;
}
