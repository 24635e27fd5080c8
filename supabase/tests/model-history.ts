import assert from 'node:assert/strict';
import { makeClock } from '../../contract/clock.ts';
import type { SyncRequest } from '../../contract/wire.ts';
import type { Answered, Database } from './database.ts';
import {
  type DeviceAnswer,
  keepAnswer,
  type ModelDevice,
  newModelDevice,
  nextClock,
  requestOf,
  write,
} from './model-device.ts';
import { type Backup, openPair, type Pair } from './model-exchange.ts';
import { deviceCount, type History, type Step } from './model-steps.ts';
import { compareTotals } from './model-totals.ts';
import { nothingYet, opOf, type Things } from './model-writings.ts';

interface World {
  pair: Pair;
  devices: ModelDevice[];
  saved: Map<number, ModelDevice>;
  sent: { by: ModelDevice; request: SyncRequest }[];
  things: Things;
  backup: Backup | null;
  /** Device time; moves on with every step. */
  now: number;
}

/**
 * Lives through a history on the database and the model: every answer is the same, and in the end, when every device has
 * synced until it is quiet, all of them hold what the server holds and nothing waits. Throws where that is not so.
 */
export async function liveThrough(database: Database, history: History): Promise<void> {
  const pair = await openPair(database);
  const world: World = {
    pair,
    devices: Array.from({ length: deviceCount }, (_, i) => newModelDevice(nameOf(i))),
    saved: new Map(),
    sent: [],
    things: nothingYet(),
    backup: null,
    now: Date.UTC(2024, 6, 1),
  };
  for (const step of history.steps) {
    world.now += 1_000;
    await take(world, step);
  }
  await pair.setCloud(true);
  await compareTotals(database, pair, await settle(world));
  await pair.close();
}

const nameOf = (place: number, life = 0) => `device${place}x${String(life).padStart(4, '0')}`;

async function take(world: World, step: Step): Promise<void> {
  const { pair, devices, saved, sent, things } = world;
  if (step.do === 'tier') return pair.setCloud(step.cloud);
  if (step.do === 'maintain') return pair.maintain();
  if (step.do === 'backup') {
    world.backup = await pair.backup();
    return;
  }
  if (step.do === 'restore') return world.backup === null ? undefined : pair.restore(world.backup);
  if (step.do === 'deliver') {
    const again = sent[sent.length - 1 - (step.pick % Math.max(1, sent.length))];
    if (again !== undefined) await deliver(world, again.by, again.request, true);
    return;
  }
  const device = devices[step.device] as ModelDevice;
  switch (step.do) {
    case 'write': {
      const knows = (id: string) => device.base.has(id) || device.waiting.has(id);
      const op = opOf(things, step, nextClock(device, world.now + step.skew), knows);
      if (op !== null) write(device, op);
      return;
    }
    case 'sync': {
      const request = requestOf(device, step.limit, step.most);
      sent.push({ by: device, request });
      if (step.fate !== 'delayed') await deliver(world, device, request, step.fate === 'answered');
      return;
    }
    case 'copy':
      devices[step.to] = structuredClone(device);
      return;
    case 'save profile':
      saved.set(step.device, structuredClone(device));
      return;
    case 'roll back profile':
      devices[step.device] = structuredClone(saved.get(step.device) ?? device);
      return;
    case 'clear':
      devices[step.device] = newModelDevice(nameOf(step.device, things.conversations.length + world.sent.length));
      return;
    case 'ahead': {
      const ahead = makeClock(Date.now() + 60_000, 0, device.name);
      const op = opOf(things, { ...nothing, what: 'conversation' }, ahead);
      const request = requestOf(device, 10, 2);
      await pair.send({ ...request, ops: op === null ? [] : [...request.ops, op] });
      return;
    }
    case 'too many': {
      const ops = Array.from({ length: 501 }, () => ({ ...nothing, what: 'purge of what nobody heard of' as const }));
      const request = requestOf(device, 10, 0);
      await pair.send({ ...request, ops: ops.flatMap((one) => opOf(things, one, makeClock(0, 0, device.name)) ?? []) });
    }
  }
}

const nothing = { do: 'write', device: 0, what: 'message', pick: 0, text: '', skew: 0, month: 3 } as const;

async function deliver(world: World, by: ModelDevice, request: SyncRequest, answered: boolean): Promise<Answered> {
  const answer = await world.pair.send(request);
  if (answered && answer.status === 200 && (answer.body as { is: string }).is !== 'clock') {
    keepAnswer(by, request, answer.body as DeviceAnswer);
  }
  return answer;
}

/** Everybody syncs until nobody has anything to send or to fetch; gives a device that has fetched everything just now. */
async function settle(world: World): Promise<ModelDevice> {
  const { pair, devices } = world;
  for (const device of devices) await syncUntilQuiet(world, device);
  // The first ones have not seen what the last ones sent.
  for (const device of devices) await syncUntilQuiet(world, device);
  const fresh = newModelDevice('freshdevice0');
  await syncUntilQuiet(world, fresh);
  for (const device of [...devices, fresh]) {
    assert.equal(device.waiting.size, 0, `${device.name} still has something to send`);
    assert.deepEqual(sorted(device), sorted(fresh), `${device.name} holds something else than the server`);
  }
  assert.equal(devices[0]?.cursor?.seq, pair.model.account.head);
  return fresh;
}

async function syncUntilQuiet(world: World, device: ModelDevice): Promise<void> {
  for (let rounds = 0; rounds < 200; rounds++) {
    const { body } = await deliver(world, device, requestOf(device, 1_000, 100), true);
    const { is, more } = body as { is: string; more?: boolean };
    if (is === 'synced' && more !== true && device.waiting.size === 0) return;
  }
  assert.fail(`${device.name} never comes to rest`);
}

function sorted(device: ModelDevice): unknown[] {
  return [...device.base.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
