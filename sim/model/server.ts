import { clockMs } from '../../contract/clock.ts';
import { clockToleranceMs } from '../../contract/limits.ts';
import { type Op, type Policy, protocolVersion, type SyncRequest } from '../../contract/wire.ts';
import { type Account, emptyAccount } from './account.ts';
import { pull } from './pull.ts';
import { push } from './push.ts';

/**
 * The server of docs/protocol.md for one account, in memory: what the database must do, small enough to be read. Time
 * comes in as an argument. It takes requests of the right shape; other ones are tested against the database alone.
 */
export interface ModelServer {
  account: Account;
  deleted: boolean;
  cloud: boolean;
  policy: Policy;
  /** Every life of the data, oldest first. */
  epochs: { epoch: string; from: number }[];
}

export interface ModelAnswer {
  status: number;
  body: object;
}

export function newModelServer(epochs: { epoch: string; from: number }[], policy: Policy): ModelServer {
  return { account: emptyAccount(), deleted: false, cloud: true, policy, epochs };
}

/** Answers one request, and keeps what it wrote. */
export function modelSync(server: ModelServer, request: SyncRequest, now: number): ModelAnswer {
  const { account, policy } = server;
  const epoch = server.epochs.at(-1)?.epoch ?? '';
  const answer = (is: string, more: object) => ({
    status: 200,
    body: { is, v: protocolVersion, epoch, time: now, ...more },
  });
  if (request.v !== protocolVersion) return refusal(426, 'too-old', now);
  if (server.deleted) return refusal(410, 'gone', now);
  if (!server.cloud) return refusal(403, 'tier', now);
  if (request.ops.length > policy.maxOps) return refusal(413, 'too-large', now);
  const named = request.epoch !== null || request.ops.length > 0;
  if (named && request.epoch !== epoch) return answer('reset', { epochs: server.epochs });
  if (request.ops.some((op) => highestMs(op) > now + clockToleranceMs)) return answer('clock', {});
  const results = push(account, request.ops, now);
  const page = pull(account, request.cursor, Math.min(request.limit, policy.maxPull), results);
  return answer('synced', { results, ...page, policy });
}

export interface Backup {
  account: Account;
  cloud: boolean;
  epochs: { epoch: string; from: number }[];
}

/** What a backup holds; give it to `restore` later. */
export function backup({ account, cloud, epochs }: ModelServer): Backup {
  return structuredClone({ account, cloud, epochs });
}

/** The data is again as it was, and a new life of it begins. */
export function restore(server: ModelServer, saved: Backup, epoch: string): void {
  const { account, cloud, epochs } = structuredClone(saved);
  server.account = account;
  server.cloud = cloud;
  server.epochs = [...epochs, { epoch, from: account.head }];
}

function highestMs(op: Op): number {
  return 'purge' in op ? 0 : Math.max(0, ...Object.values(op.set).map((field) => clockMs(field[1])));
}

function refusal(status: number, code: string, now: number): ModelAnswer {
  return { status, body: { is: 'refused', code, time: now } };
}
