/** What may read differently now: some conversations, or everything. */
export interface Change {
  conversations: readonly string[];
  all: boolean;
}

type Listener = (change: Change) => void;

const listeners = new Set<Listener>();

/** Calls the listener at every change, until the returned function is called. */
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells all who read that something changed. */
export function noteChange(change: Change): void {
  for (const listener of listeners) listener(change);
}
