import { useEffect, useRef, useState } from 'preact/hooks';
import { type Change, onChange } from '../changes.ts';
import { standing } from '../standing.ts';
import { type AccountDatabase, readFrom } from './open-database.ts';

interface Reading<T> {
  of: string;
  value: T;
}

/**
 * What `read` gives now, read again at every change that concerns it and when `again` differs. Undefined until it is
 * read. `of` says what is read: when that differs, or the account does, nothing of the old is given any more.
 */
export function useReading<T>(
  of: string,
  read: (database: AccountDatabase) => Promise<T>,
  concerns: (change: Change) => boolean,
  again?: unknown,
): T | undefined {
  const database = standing.value?.database;
  const identity = `${database} ${of}`;
  const [reading, setReading] = useState<Reading<T> | null>(null);
  const latest = useRef({ read, concerns });
  latest.current = { read, concerns };
  const readAgain = useRef<(() => Promise<void>) | null>(null);

  useEffect(() => {
    if (database === undefined) return;
    let ended = false;
    let busy = false;
    let stale = false;
    // One read at a time; changes that come meanwhile are served by one more.
    const refresh = async () => {
      stale = true;
      if (busy) return;
      busy = true;
      try {
        while (stale && !ended) {
          stale = false;
          const value = await readFrom(database, (open) => latest.current.read(open));
          if (value !== undefined && !ended) setReading({ of: identity, value });
        }
      } finally {
        busy = false;
      }
    };
    readAgain.current = refresh;
    void refresh();
    const stop = onChange((change) => {
      if (change.all || latest.current.concerns(change)) void refresh();
    });
    return () => {
      ended = true;
      stop();
    };
  }, [identity]);

  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else void readAgain.current?.();
  }, [again]);

  return reading?.of === identity ? reading.value : undefined;
}
