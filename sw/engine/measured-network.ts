import type { MeasuredNetwork } from '../../contract/database.ts';
import type { Policy } from '../../contract/wire.ts';
import type { Took } from './ports.ts';
import { figures } from './sync-policy.ts';

/** What the browser says of the connection, as far as it says anything. */
export interface Connection {
  saveData: boolean;
  effectiveType: string | null;
  /** Milliseconds there and back. */
  rtt: number | null;
}

const unmeasured: MeasuredNetwork = { latency: 0, rate: null, rowBytes: 700, timeouts: 0 };

/** Answers up to this size take as long as the way is; from the larger size on they tell how wide it is. */
const smallBytes = 8_000;
const largeBytes = 20_000;

function closer(known: number | null, seen: number, weight: number): number {
  return known === null ? seen : known + weight * (seen - known);
}

/** What is known after a request that was answered with so many entities. */
export function learned(before: MeasuredNetwork | undefined, took: Took | undefined, rows: number): MeasuredNetwork {
  const known = { ...(before ?? unmeasured), timeouts: 0 };
  if (took === undefined) return known;
  const bytes = took.bytesUp + took.bytesDown;
  if (bytes <= smallBytes) known.latency = closer(before?.latency || null, took.ms, 0.3);
  if (bytes < largeBytes) return known;
  known.rate = closer(known.rate, bytes / Math.max(1, took.ms - known.latency), 0.5);
  if (rows >= 20) known.rowBytes = Math.max(100, closer(known.rowBytes, took.bytesDown / rows, 0.5));
  return known;
}

/** What is known after a request that was not answered in time. */
export function timedOut(before: MeasuredNetwork | undefined): MeasuredNetwork {
  const known = before ?? unmeasured;
  return { ...known, timeouts: Math.min(10, known.timeouts + 1) };
}

/** Whether to ask less often and for less at once: the person wants to save data, or everything takes long. */
export function isPoor(network: MeasuredNetwork | undefined, connection: Connection | null): boolean {
  const hint = connection?.saveData === true || /2g$/.test(connection?.effectiveType ?? '');
  const slow = Math.max(network?.latency ?? 0, connection?.rtt ?? 0) > figures.poorLatency;
  return hint || slow || (network?.timeouts ?? 0) > 0;
}

/** Entities to ask for: few while nothing is known of the way, then as many as it carries in a moment. */
export function pageSize(network: MeasuredNetwork | undefined, policy: Policy | null, poor: boolean): number {
  const { time, bytes, first, least, most } = figures.pages;
  const largest = Math.min(policy?.maxPull ?? most, policy?.pageSizes?.most ?? most);
  const { rate, rowBytes, timeouts } = network ?? unmeasured;
  const unknown = poor ? least : (policy?.pageSizes?.first ?? first);
  const carried = rate === null ? unknown : Math.min(bytes, rate * time) / rowBytes;
  return Math.max(Math.min(least, largest), Math.min(largest, Math.round(carried / 2 ** timeouts)));
}

/** How long to wait for an answer: longer where the way is known to be slow, and after every time that was too short. */
export function deadline(network: MeasuredNetwork | undefined, bytesUp: number, entities: number): number {
  const { least, most } = figures.deadline;
  const { latency, rate, rowBytes, timeouts } = network ?? unmeasured;
  const onItsWay = rate === null ? 0 : (bytesUp + entities * rowBytes) / rate;
  return Math.round(Math.min(most, Math.max(least, 4 * latency + 3 * onItsWay) * 2 ** timeouts));
}
