import { beforeEach, expect, test, vi } from 'vitest';
import type { CommandEnvelope, Reply, Standing } from '../contract/page-messages.ts';
import { ask, workerSilent } from './commands.ts';
import { standing } from './standing.ts';

const nobody: Standing = { database: 'atlas-nobody', user: null, syncing: false };
type Receive = (envelope: CommandEnvelope, answer: (reply: Reply) => void) => void;

const worker = vi.hoisted(() => ({ receive: null as Receive | null }));

vi.mock('./worker-registration.ts', () => ({
  registration: Promise.resolve({
    get active() {
      if (worker.receive === null) return null;
      const receive = worker.receive;
      return {
        postMessage: (envelope: CommandEnvelope, [port]: [MessagePort]) => {
          receive(envelope, (reply) => port.postMessage(reply));
        },
      };
    },
  }),
}));

const done = (envelope: CommandEnvelope): Reply => ({ to: envelope.command, ok: true, standing: nobody });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  workerSilent.value = false;
  standing.value = null;
  return () => vi.useRealTimers();
});

test('a command lost on the way is sent again as the same command', async () => {
  const heard: string[] = [];
  worker.receive = (envelope, answer) => {
    heard.push(envelope.command);
    if (heard.length === 3) answer(done(envelope));
  };
  const answer = ask({ do: 'trash', conversation: '01900000-0000-7000-8000-000000000001' });
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await answer).toMatchObject({ ok: true });
  expect(heard).toHaveLength(3);
  expect(new Set(heard).size).toBe(1);
});

test('an answer that comes late, to an earlier sending, counts', async () => {
  const answers: (() => void)[] = [];
  worker.receive = (envelope, answer) => {
    answers.push(() => answer(done(envelope)));
  };
  const answer = ask({ do: 'hello', visible: true, online: true });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(answers).toHaveLength(2);
  answers[0]?.();
  expect(await answer).toMatchObject({ ok: true });
});

test('what the worker says of the account is taken over, and what it refuses is a value', async () => {
  worker.receive = (envelope, answer) => answer(done(envelope));
  await ask({ do: 'hello', visible: true, online: true });
  expect(standing.value).toEqual(nobody);
  worker.receive = (envelope, answer) => answer({ to: envelope.command, ok: false, error: 'storage-full' });
  expect(await ask({ do: 'sync-now' })).toMatchObject({ ok: false, error: 'storage-full' });
});

test('a command is meant for the database that was shown when it was given', async () => {
  standing.value = nobody;
  const heard: (string | undefined)[] = [];
  worker.receive = (envelope, answer) => {
    heard.push(envelope.database);
    if (heard.length === 2) answer(done(envelope));
  };
  const answer = ask({ do: 'trash', conversation: '01900000-0000-7000-8000-000000000001' });
  await vi.advanceTimersByTimeAsync(0);
  standing.value = { database: 'atlas-somebody', user: null, syncing: false };
  await vi.advanceTimersByTimeAsync(2_000);
  await answer;
  expect(heard).toEqual(['atlas-nobody', 'atlas-nobody']);
});

test('a worker that does not answer is said to be silent, and the command still waits for it', async () => {
  let sent = 0;
  let mute = true;
  worker.receive = (envelope, answer) => {
    sent += 1;
    if (!mute) answer(done(envelope));
  };
  const answer = ask({ do: 'restore', conversation: '01900000-0000-7000-8000-000000000001' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(workerSilent.value).toBe(true);
  expect(sent).toBeGreaterThan(20);
  mute = false;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await answer).toMatchObject({ ok: true });
  expect(workerSilent.value).toBe(false);
});

test('a worker that waits for the network is not said to be silent', async () => {
  const answers: (() => void)[] = [];
  worker.receive = (envelope, answer) => {
    answers.push(() => answer(done(envelope)));
  };
  const answer = ask({ do: 'sync-now' });
  await vi.advanceTimersByTimeAsync(120_000);
  expect(answers.length).toBeGreaterThan(4);
  expect(workerSilent.value).toBe(false);
  answers[0]?.();
  expect(await answer).toMatchObject({ ok: true });
});

test('a command called off is not sent again', async () => {
  let sent = 0;
  worker.receive = () => {
    sent += 1;
  };
  const abandon = new AbortController();
  const answer = ask({ do: 'keep-draft', conversation: 'new', text: 'a' }, { abandon: abandon.signal });
  await vi.advanceTimersByTimeAsync(0);
  abandon.abort();
  expect(await answer).toMatchObject({ ok: false, error: 'abandoned' });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent).toBe(1);
});

test('without a worker the answer says so at once', async () => {
  worker.receive = null;
  expect(await ask({ do: 'sync-now' })).toEqual({ ok: false, error: 'no-worker' });
});
