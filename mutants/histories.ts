import { type Happening, type History, type Setting, type Step, usual } from '../sim/history.ts';

/** Long enough for a request and its answer. */
const momentMs = 1_500;

/** Something that happens, with a moment after it, or this pause. */
type Told = Happening & { pause?: Step['pause'] };

function history(happenings: (Told | Told[])[], setting: Partial<Setting> = {}): History {
  const steps = happenings.flat().map(({ pause, ...one }): Step => ({ ...one, pause: pause ?? { ms: momentMs } }));
  return { setting: { ...usual, ...setting }, steps };
}

const day = 86_400_000;
const soon = { ms: 300 };
/** Signs in, and opens a page that shows that account. */
const signIn = (on: number, user = 0): Told[] => [
  { do: 'sign in', on, user },
  { do: 'close', on, pause: { turns: 1 } },
  { do: 'show', on, pause: { ms: 500 } },
];
const writeNew = (on: number) => ({ do: 'write new', on }) as const;
const write = (on: number, kind: 'text' | 'poison op' | 'poison row' = 'text') =>
  ({ do: 'write', on, pick: 0, kind }) as const;
const rename = (on: number) => ({ do: 'rename', on, pick: 0 }) as const;
const purge = (on: number) => ({ do: 'purge', on, pick: 0 }) as const;
const sync = (on: number) => ({ do: 'sync now', on }) as const;
const offline = (on: number) => ({ do: 'network gone', on, noticed: true }) as const;
const online = (on: number) => ({ do: 'network back', on }) as const;
const fate = (on: number, what: 'slow' | 'answer lost' | 'request lost' | 'truncated' | 'late' | 'twice' | 500) =>
  ({ do: 'fate', on, fate: what }) as const;

/** Histories in which a rule of docs/protocol.md shows: without it, an invariant does not hold in them. */
export const histories: Record<string, History> = {
  'a title that is seen and changed at once, on a device behind the other’s clock': history([
    signIn(0),
    writeNew(0),
    signIn(1),
    { do: 'clock jumps', on: 0, by: 4_500 },
    rename(0),
    { ...sync(0), pause: { ms: 500 } },
    { ...sync(1), pause: { ms: 500 } },
    rename(1),
    sync(1),
    sync(0),
  ]),
  'what is sent again after another has changed it': history([
    signIn(0),
    writeNew(0),
    signIn(1),
    { ...rename(0), pause: soon },
    fate(0, 'answer lost'),
    { ...sync(0), pause: { ms: 450 } },
    offline(0),
    sync(1),
    rename(1),
    sync(1),
    { ...write(0), pause: soon },
    fate(0, 'request lost'),
    { ...online(0), pause: { ms: 10_000 } },
    sync(0),
  ]),
  'a clock that jumps ten years ahead and back': history([
    signIn(0),
    writeNew(0),
    { do: 'clock jumps', on: 0, by: 3_650 * day },
    rename(0),
    sync(0),
    { do: 'clock jumps', on: 0, by: -7_300 * day },
    write(0),
    sync(0),
    signIn(1),
  ]),
  'a title changed again while the one before is on its way': history([
    signIn(0),
    writeNew(0),
    signIn(1),
    { ...rename(0), pause: soon },
    fate(0, 'slow'),
    { ...sync(0), pause: { turns: 12 } },
    { ...rename(0), pause: { ms: 20_000 } },
    sync(0),
  ]),
  'a title changed on two devices': history([
    signIn(0),
    writeNew(0),
    signIn(1),
    offline(0),
    { ...rename(0), pause: soon },
    rename(1),
    sync(1),
    online(0),
    sync(0),
  ]),
  'the answer to what was written is lost': history([
    signIn(0),
    fate(0, 'answer lost'),
    writeNew(0),
    fate(0, 'answer lost'),
    write(0),
    { do: 'sleep', on: 0 },
    { do: 'show', on: 0 },
    signIn(1),
    rename(1),
    sync(1),
  ]),
  'a server that answers 500': history([
    signIn(0),
    fate(0, 500),
    fate(0, 500),
    writeNew(0),
    write(0),
    { do: 'outage', status: 500 },
    write(0),
    { do: 'outage ends' },
    signIn(1),
  ]),
  'answers that break off': history([
    signIn(0),
    fate(0, 'truncated'),
    writeNew(0),
    fate(0, 'truncated'),
    write(0),
    signIn(1),
    fate(1, 'truncated'),
    sync(1),
  ]),
  'purged on a copy of the profile, sent by the other': history([
    signIn(0),
    offline(0),
    writeNew(0),
    { do: 'copy profile', on: 1, from: 0 },
    purge(0),
    sync(1),
    online(0),
    sync(0),
  ]),
  'a row and an op that nobody can take, among others': history([
    signIn(0),
    offline(0),
    writeNew(0),
    write(0, 'poison op'),
    write(0, 'poison row'),
    write(0),
    online(0),
    sync(0),
    signIn(1),
    sync(1),
  ]),
  'a first sync in small pages, while the other writes': history(
    [
      signIn(0),
      ...[writeNew(0), write(0), writeNew(0), write(0), writeNew(0), write(0)],
      { do: 'sign in', on: 1, user: 0, pause: soon },
      { ...rename(0), pause: { turns: 20 } },
      { ...write(0), pause: { turns: 20 } },
      purge(0),
      sync(0),
      sync(1),
    ],
    { maxPull: 2 },
  ),
  'a backup is put back': history([
    signIn(0),
    writeNew(0),
    { do: 'backup' },
    rename(0),
    sync(0),
    writeNew(0),
    write(0),
    purge(0),
    sync(0),
    { do: 'restore' },
    sync(0),
    signIn(1),
  ]),
  'a backup is put back of before a purge': history([
    signIn(0),
    writeNew(0),
    { do: 'backup' },
    purge(0),
    sync(0),
    { do: 'restore' },
    sync(0),
    signIn(1),
  ]),
  'a backup is put back twice, once unseen': history([
    signIn(0),
    writeNew(0),
    signIn(1),
    { do: 'backup' },
    write(0),
    sync(1),
    offline(1),
    { do: 'restore' },
    sync(0),
    writeNew(0),
    { do: 'backup' },
    write(0),
    { do: 'restore' },
    sync(0),
    online(1),
    sync(1),
  ]),
  'a backup is put back that another had made since': history([
    signIn(0),
    writeNew(0),
    { do: 'backup' },
    writeNew(0),
    write(0),
    { do: 'restore' },
    signIn(1),
    writeNew(1),
    write(1),
    writeNew(1),
    write(1),
    sync(0),
    sync(1),
  ]),
  'one signs out, another signs in, while a sync is under way': history([
    signIn(0, 0),
    writeNew(0),
    fate(0, 'slow'),
    { ...write(0), pause: soon },
    { do: 'sign out', on: 0, send: false },
    signIn(0, 1),
    writeNew(0),
    signIn(1, 1),
    writeNew(1),
  ]),
};
