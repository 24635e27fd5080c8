import * as v from 'valibot';
import { limits } from './limits.ts';

/** A conversation: its title, whether it is in the trash, and what the server counts of its messages. */
export const conversation = {
  kind: 'conversation',
  /** Facts fixed when it is made. */
  made: {},
  /** What people change; each field has a clock and the higher clock wins. */
  fields: {
    title: v.pipe(v.string(), v.maxLength(limits.titleCharacters)),
    trashed: v.boolean(),
  },
  /** What only the server says. */
  told: {
    /** pos of its newest message; its own first seq while it has none. Orders the list. */
    activity: v.pipe(v.number(), v.integer(), v.minValue(0)),
    /** Server time of that activity, for display. */
    at: v.pipe(v.number(), v.integer()),
    count: v.pipe(v.number(), v.integer(), v.minValue(0)),
    /** Tokens its messages took; nothing where the server does not say. */
    tokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    preview: v.string(),
    /** Server time the trashing was received; the 30 days count from it. */
    trashedAt: v.nullable(v.pipe(v.number(), v.integer())),
  },
} as const;
