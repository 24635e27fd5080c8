import { type History, history } from './history.ts';

const day = 86_400_000;
const signIn = (on: number, user = 0) => ({ do: 'sign in', on, user }) as const;
const writeNew = (on: number) => ({ do: 'write new', on }) as const;
const write = (on: number, kind: 'text' | 'poison op' | 'poison row' | 'too long' = 'text') =>
  ({ do: 'write', on, pick: 0, kind }) as const;

/** Histories in which something goes wrong at every place in turn. */
export const fixedHistories: Record<string, History> = {
  'written without a network': history([
    signIn(0),
    { do: 'network gone', on: 0, noticed: true },
    writeNew(0),
    write(0),
    { do: 'network back', on: 0 },
    signIn(1),
  ]),
  'one conversation on two devices': history([
    signIn(0),
    writeNew(0),
    signIn(1),
    { do: 'rename', on: 1, pick: 0 },
    { do: 'trash', on: 0, pick: 0 },
    write(1),
    { do: 'sync now', on: 0 },
  ]),
  'written by nobody, then signed in': history([writeNew(0), write(0), signIn(0), signIn(1)]),
  'written by nobody where the account was before': history([
    signIn(0),
    writeNew(0),
    { do: 'sign out', on: 0, send: true },
    writeNew(0),
    writeNew(0),
    signIn(0),
  ]),
  'a server put back to a backup': history([
    signIn(0),
    writeNew(0),
    { do: 'backup' },
    write(0),
    { do: 'restore' },
    { do: 'rename', on: 0, pick: 0 },
    { do: 'sync now', on: 0 },
    signIn(1),
  ]),
  'a server put back twice': history([
    signIn(0),
    writeNew(0),
    { do: 'backup' },
    write(0),
    { do: 'restore' },
    { do: 'sync now', on: 0 },
    write(0),
    { do: 'restore' },
    { do: 'sync now', on: 0 },
    signIn(1),
  ]),
  'a first sync in small pages': history(
    [
      signIn(0),
      writeNew(0),
      write(0),
      writeNew(0),
      signIn(1),
      { do: 'rename', on: 0, pick: 0 },
      { do: 'sync now', on: 1 },
    ],
    { maxPull: 2 },
  ),
  'written into what was purged elsewhere': history([
    signIn(0),
    writeNew(0),
    signIn(1),
    { do: 'network gone', on: 1, noticed: true },
    write(1),
    { do: 'purge', on: 0, pick: 0 },
    { do: 'network back', on: 1 },
    { do: 'sync now', on: 1 },
  ]),
  'a message that the server cannot take': history([
    signIn(0),
    { do: 'network gone', on: 0, noticed: true },
    writeNew(0),
    write(0, 'poison op'),
    write(0),
    { do: 'network back', on: 0 },
    { do: 'sync now', on: 0 },
  ]),
  'written elsewhere into what has left, and left alone again': history([
    signIn(0),
    signIn(1),
    writeNew(0),
    { do: 'sync now', on: 1 },
    { do: 'time passes', ms: 200 * day },
    { do: 'sync now', on: 0 },
    write(1),
    { do: 'sync now', on: 0 },
    { do: 'time passes', ms: 40 * day },
    { do: 'sync now', on: 0 },
  ]),
  'an update while tokens end': history([
    signIn(0),
    writeNew(0),
    { do: 'revoke', user: 0 },
    write(0),
    { do: 'second worker', on: 0 },
    { do: 'sync now', on: 0 },
    signIn(0),
    write(0),
  ]),
};
