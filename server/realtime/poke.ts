import * as v from 'valibot';

/** Says that a user's devices should look. */
const PokeSchema = v.object({
  user: v.pipe(v.string(), v.uuid()),
  /** Up to here something changed; null: whatever they have. */
  seq: v.nullable(v.number()),
  /** The device that wrote it, null where none did. */
  device: v.nullable(v.string()),
  /** The server that passed it on, where the database did not say it itself. */
  by: v.optional(v.string()),
});

export type Poke = v.InferOutput<typeof PokeSchema>;

/** Where the database says them: see supabase/migrations, atlas.poke. */
export const pokeChannel = 'atlas_pokes';

/** What the database, or another server through it, said; null for what is no poke. */
export function readPoke(text: string): Poke | null {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), PokeSchema), text);
  return read.success ? read.output : null;
}
