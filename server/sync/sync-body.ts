/** What a body of sync is: one whose request is an object, one that holds what no database takes, or another one. */
export type SyncBody = 'request' | 'unstorable' | 'other';

/** Far deeper than a request, far less than what ends a stack. */
const deepest = 50;

/** Judges the text of a body before it reaches the database, whose own errors would repeat parts of it. */
export function judgeBody(text: string): SyncBody {
  const body = parsed(text);
  if (!isObject(body) || !isObject(body.request) || Object.keys(body).length !== 1) return 'other';
  return isStorable(body) ? 'request' : 'unstorable';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Level by level, so that no depth ends it: no NUL, no half of a surrogate pair, no end of brackets. */
function isStorable(root: unknown): boolean {
  let level = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return false;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) return false;
      if (typeof value !== 'object' || value === null) continue;
      if (Array.isArray(value)) for (const inner of value) next.push(inner);
      else for (const [name, inner] of Object.entries(value)) next.push(name, inner);
    }
    level = next;
  }
  return true;
}
