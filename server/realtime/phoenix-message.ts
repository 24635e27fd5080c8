import * as v from 'valibot';

/** A message of the Phoenix channels that supabase-js speaks. */
export interface Message {
  joinRef: string | null;
  ref: string | null;
  topic: string;
  event: string;
  payload: unknown;
}

/** How messages are written: as an object (1.0.0) or as a list (2.0.0, what supabase-js asks for by itself). */
export const versions = ['1.0.0', '2.0.0'] as const;
export type Version = (typeof versions)[number];

const ref = v.nullish(v.pipe(v.string(), v.maxLength(64)), null);
const name = v.pipe(v.string(), v.maxLength(256));

const MessageSchemas = {
  '1.0.0': v.pipe(
    v.object({ join_ref: ref, ref, topic: name, event: name, payload: v.unknown() }),
    v.transform(({ join_ref, ...rest }): Message => ({ joinRef: join_ref, ...rest })),
  ),
  '2.0.0': v.pipe(
    v.tuple([ref, ref, name, name, v.unknown()]),
    v.transform(([joinRef, own, topic, event, payload]): Message => ({ joinRef, ref: own, topic, event, payload })),
  ),
};

/** What a client said; null for what is no message. */
export function readMessage(text: string, version: Version): Message | null {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), MessageSchemas[version]), text);
  return read.success ? read.output : null;
}

/** The message as a client of this version reads it. */
export function writeMessage({ joinRef, ref, topic, event, payload }: Message, version: Version): string {
  if (version === '2.0.0') return JSON.stringify([joinRef, ref, topic, event, payload]);
  return JSON.stringify({ join_ref: joinRef, ref, topic, event, payload });
}
