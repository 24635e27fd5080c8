import * as v from 'valibot';
import { IdSchema } from './ids.ts';
import { limits } from './limits.ts';

/** A message: who said what, where in which conversation. */
export const message = {
  kind: 'message',
  made: {
    conversation: IdSchema,
    role: v.picklist(['user', 'assistant']),
    /** The message it follows; null for the first. Branches of a conversation have the same parent. */
    parent: v.nullable(IdSchema),
    /** Which try at an answer this is; 0 for what people write. */
    attempt: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000)),
  },
  fields: {
    text: v.pipe(v.string(), v.maxLength(limits.textCharacters)),
  },
  told: {
    /** Its place in the conversation: its seq at insert, not changed by edits. */
    pos: v.pipe(v.number(), v.integer(), v.minValue(1)),
    /** Server time it was received. */
    at: v.pipe(v.number(), v.integer()),
  },
} as const;
