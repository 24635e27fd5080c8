import { signal } from '@preact/signals';
import { newId } from '../contract/ids.ts';
import type { Command, CommandEnvelope, CommandError, Reply, Standing } from '../contract/page-messages.ts';
import { standing, takeStanding } from './standing.ts';
import { registration } from './worker-registration.ts';

export type AskError = CommandError | 'no-worker' | 'abandoned';
export type Answer = { ok: true; standing: Standing } | { ok: false; error: AskError; detail?: string };

/** The worker has been asked several times and does not answer. */
export const workerSilent = signal(false);

const patienceMs = 2_000;
const networkPatienceMs = 15_000;
const triesBeforeSilent = 3;
const overNetwork: ReadonlySet<Command['do']> = new Set([
  'sync-now',
  'read-older',
  'create-account',
  'sign-in',
  'sign-out',
]);

interface AskOptions {
  abandon?: AbortSignal;
  database?: string | undefined;
}

function isReplyTo(command: string, data: unknown): data is Reply {
  return typeof data === 'object' && data !== null && 'to' in data && data.to === command && 'ok' in data;
}

/**
 * Asks the worker for something and gives its answer. A message to a worker can be lost when the browser stops it, so
 * the same command is sent again, with the same id, until it is answered or abandoned. It is meant for the database in
 * use now, or the one named.
 */
export async function ask(
  command: Command,
  { abandon, database = standing.peek()?.database }: AskOptions = {},
): Promise<Answer> {
  const envelope: CommandEnvelope = {
    command: newId(Date.now(), crypto),
    ask: command,
    ...(database === undefined ? {} : { database }),
  };
  const answer = await answerTo(envelope, abandon);
  if (answer.ok) takeStanding(answer.standing);
  return answer;
}

function answerTo(envelope: CommandEnvelope, abandon: AbortSignal | undefined): Promise<Answer> {
  const onNetwork = overNetwork.has(envelope.ask.do);
  const patience = onNetwork ? networkPatienceMs : patienceMs;
  return new Promise((resolve) => {
    const channels: MessageChannel[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;

    const end = (answer: Answer) => {
      over = true;
      clearTimeout(timer);
      abandon?.removeEventListener('abort', giveUp);
      for (const channel of channels) channel.port1.close();
      resolve(answer);
    };
    const giveUp = () => end({ ok: false, error: 'abandoned' });
    const hear = ({ data }: MessageEvent<unknown>) => {
      if (!isReplyTo(envelope.command, data)) return;
      workerSilent.value = false;
      end(data);
    };
    const send = async () => {
      const active = (await registration)?.active;
      if (over) return;
      if (!active) return end({ ok: false, error: 'no-worker' });
      const channel = new MessageChannel();
      channels.push(channel);
      channel.port1.onmessage = hear;
      active.postMessage(envelope, [channel.port2]);
      // The worker answers these when the network has answered it, which may take long.
      if (channels.length > triesBeforeSilent && !onNetwork) workerSilent.value = true;
      timer = setTimeout(send, patience);
    };

    if (abandon?.aborted) return giveUp();
    abandon?.addEventListener('abort', giveUp, { once: true });
    void send();
  });
}
