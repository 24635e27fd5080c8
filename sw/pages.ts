import type { Command } from '../contract/page-messages.ts';
import type { Trigger } from './engine/sync-policy.ts';

export type Hello = Omit<Extract<Command, { do: 'hello' }>, 'do'>;
/** What a page's browser says of the line. */
export type Connection = NonNullable<Hello['connection']>;

/** What pages said of themselves last. */
export interface Pages {
  /** Takes what a page says and returns what that means for sync. */
  hello(page: string, said: Hello): Trigger[];
  /** Whether the page says what it said last: then it only keeps the worker awake. */
  heard(page: string, said: Hello): boolean;
  /** Forgets the pages that are not open any more. */
  keepOnly(open: ReadonlySet<string>): void;
  /** False only if the last word was that the network is gone. */
  online(): boolean;
  /** The last word on the line; null where no browser says anything. */
  connection(): Connection | null;
}

export function followPages(): Pages {
  const visible = new Map<string, boolean>();
  let online = true;
  let connection: Connection | null = null;
  return {
    hello(page, said) {
      const triggers: Trigger[] = [];
      if (said.online && !online) triggers.push('online');
      online = said.online;
      connection = said.connection ?? connection;
      const before = visible.get(page) ?? false;
      if (said.visible && !before) triggers.push('visible');
      if (!said.visible && before) triggers.push('hidden');
      visible.set(page, said.visible);
      return triggers;
    },
    heard: (page, said) =>
      visible.get(page) === said.visible &&
      online === said.online &&
      connection?.saveData === said.connection?.saveData &&
      connection?.effectiveType === said.connection?.effectiveType,
    keepOnly(open) {
      for (const page of visible.keys()) if (!open.has(page)) visible.delete(page);
    },
    online: () => online,
    connection: () => connection,
  };
}
