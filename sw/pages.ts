import type { Trigger } from './engine/schedule.ts';

export interface Hello {
  visible: boolean;
  online: boolean;
}

/** What pages said of themselves last. */
export interface Pages {
  /** Takes what a page says and returns what that means for sync. */
  hello(page: string, said: Hello): Trigger[];
  /** False only if the last word was that the network is gone. */
  online(): boolean;
}

export function followPages(): Pages {
  const visible = new Set<string>();
  let online = true;
  return {
    hello(page, said) {
      const triggers: Trigger[] = [];
      if (said.online && !online) triggers.push('online');
      online = said.online;
      if (said.visible && !visible.has(page)) triggers.push('visible');
      if (!said.visible && visible.has(page)) triggers.push('hidden');
      if (said.visible) visible.add(page);
      else visible.delete(page);
      return triggers;
    },
    online: () => online,
  };
}
