import { accessFor } from './access-token.ts';
import type { WorkerAlarm } from './alarm.ts';
import { endsListening } from './engine/ends-listening.ts';
import { judgePoke } from './engine/poke-news.ts';
import type { Random, Time } from './engine/ports.ts';
import { afterEvent, lookAgainAt, mayHaveMissed, off, type RealtimeEvent, type Wish } from './engine/realtime-state.ts';
import type { OpenAccounts } from './open-accounts.ts';
import type { Line, OpenLine } from './realtime-line.ts';
import { knownConfig } from './server-config.ts';
import type { Registry } from './store/registry.ts';

export interface RealtimeParts {
  registry: Registry;
  accounts: OpenAccounts;
  sync: { trigger(kind: 'joined' | 'poke' | 'poll'): Promise<void> };
  alarm: WorkerAlarm;
  time: Time;
  random: Random;
  openLine: OpenLine;
  pageVisible(): Promise<boolean>;
  online(): boolean;
  /** Told of what nobody waits for and that threw. */
  failed(error: unknown): void;
}

/** Listens for changes that others made. A hint only: without it, syncs by the clock bring everything. */
export interface Realtime {
  /** Whether a change would be heard of. */
  live(): boolean;
  /** Looks whether to listen, and for whom: when a page says hello or the account changes, and by itself. */
  look(): Promise<void>;
}

/** A token, a tier or a session may end without anybody saying so here. */
const watchMs = 45_000;

/** By then an answer has usually come. */
const answerMs = 10_000;

/** The one subscription of this worker. */
export function startRealtime(parts: RealtimeParts): Realtime {
  const { registry, accounts, sync, alarm, time, random, openLine, failed } = parts;
  let state = off;
  let wish: Wish = 'no';
  /** Somebody is there to listen for, and to look at what is heard. */
  let watching = false;
  /** Whose line it is, and what it was opened or renewed with. */
  let owner: string | null = null;
  let token = '';
  let line: Line | null = null;
  let looking: Promise<void> = Promise.resolve();
  let answering: ReturnType<typeof setTimeout> | undefined;

  function happened(event: RealtimeEvent): void {
    const before = state;
    state = afterEvent(before, event, time.now(), random);
    if (state.is !== 'live' && state !== before) {
      line?.close();
      line = null;
    }
    const at = lookAgainAt(state, wish) ?? (watching ? time.now() + watchMs : null);
    if (at !== null) alarm.set(at, () => void look());
    if (mayHaveMissed(before, state)) ask('joined');
    // Whoever counted on hearing of changes goes back to asking.
    else if (before.is === 'live' && state.is !== 'live') ask('poll');
  }

  function ask(trigger: 'joined' | 'poke' | 'poll'): void {
    sync.trigger(trigger).then(look).catch(failed);
  }

  async function heard(said: unknown, answered = false): Promise<void> {
    const { account, store } = await accounts.current();
    if (account.user?.id !== owner) return;
    const is = judgePoke(said, await store.read((stored) => stored.state()));
    if (is === 'news' || (is === 'own' && answered)) ask('poke');
    else if (is === 'own') {
      clearTimeout(answering);
      answering = setTimeout(() => void heard(said, true).catch(failed), answerMs);
    }
  }

  async function lookOnce(): Promise<void> {
    const { account, store } = await accounts.current();
    const { problem, offset } = await store.read((stored) => stored.state());
    const user = account.user?.id ?? null;
    const visible = await parts.pageVisible();
    watching = user !== null && visible;
    const hopeless = user === null || endsListening(problem) || !parts.online();
    wish = hopeless ? 'no' : visible ? 'here' : 'away';
    if (owner !== user) happened({ is: 'look', wish: 'no' });
    owner = user;
    happened({ is: 'look', wish });
    if (user !== null && state.is !== 'off' && state.is !== 'lost') await keepLine(user, offset);
  }

  /** Opens the line, or gives it another token in time. */
  async function keepLine(user: string, offset: number | null): Promise<void> {
    const config = await knownConfig(registry);
    const serverTime = offset === null ? null : time.now() + offset;
    const access = config && (await accessFor(registry, config, user, serverTime));
    if (access?.is !== 'open') {
      // An open line ends by itself when its token does.
      if (line === null) happened({ is: 'lost', full: false });
      return;
    }
    const { accessToken } = access.session;
    if (line !== null) {
      if (token !== accessToken) line.renew(accessToken);
    } else if (state.is === 'joining' && config !== null) {
      line = openLine(config, user, accessToken, {
        joined: () => happened({ is: 'joined' }),
        lost: (full) => happened({ is: 'lost', full }),
        poke: (said) => void heard(said).catch(failed),
      });
    }
    token = accessToken;
  }

  function look(): Promise<void> {
    // One after the other: an account may be left while a token is on its way.
    looking = looking.then(lookOnce).catch(failed);
    return looking;
  }

  return { live: () => state.is === 'live', look };
}
