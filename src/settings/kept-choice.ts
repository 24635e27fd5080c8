/** A choice that this browser keeps between starts; null where none was made or site data is blocked. */
export function readChoice(key: string): string | null {
  return orBlocked(() => localStorage.getItem(key));
}

/** Keeps a choice, or with null forgets it. Where site data is blocked it lasts as long as the page. */
export function keepChoice(key: string, choice: string | null): void {
  orBlocked(() => (choice === null ? localStorage.removeItem(key) : localStorage.setItem(key, choice)));
}

function orBlocked<T>(use: () => T): T | null {
  try {
    return use();
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
