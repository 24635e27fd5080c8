import * as v from 'valibot';
import { type Clock, ClockSchema } from './clock.ts';
import { conversation } from './conversation.ts';
import { IdSchema } from './ids.ts';
import { message } from './message.ts';

/** Every kind of thing that syncs. A new kind is a definition here, a migration and a component. */
export const entities = { conversation, message } as const;

export type Kind = keyof typeof entities;
export const kinds = Object.keys(entities) as Kind[];

type Definitions = typeof entities;
type Outputs<Shape extends v.ObjectEntries> = v.InferOutput<v.ObjectSchema<Shape, undefined>>;

export type Made<K extends Kind> = Outputs<Definitions[K]['made']>;
export type Fields<K extends Kind> = Outputs<Definitions[K]['fields']>;
export type Told<K extends Kind> = Outputs<Definitions[K]['told']>;
export type FieldName<K extends Kind> = keyof Fields<K> & string;
export type Clocks<K extends Kind> = { [F in FieldName<K>]: Clock };

/** An entity as the server says it is. */
export type Row<K extends Kind> = { kind: K; id: string; seq: number; clocks: Clocks<K> } & Made<K> &
  Fields<K> &
  Told<K>;
export type AnyRow = { [K in Kind]: Row<K> }[Kind];

export const SeqSchema = v.pipe(v.number(), v.integer(), v.minValue(1));

function clocksSchema(definition: Definitions[Kind]) {
  return v.object(Object.fromEntries(Object.keys(definition.fields).map((field) => [field, ClockSchema])));
}

function rowSchema<K extends Kind>(kind: K): v.GenericSchema<unknown, Row<K>> {
  const definition: Definitions[Kind] = entities[kind];
  const schema = v.object({
    kind: v.literal(kind),
    id: IdSchema,
    seq: SeqSchema,
    clocks: clocksSchema(definition),
    ...definition.made,
    ...definition.fields,
    ...definition.told,
  });
  return schema as unknown as v.GenericSchema<unknown, Row<K>>;
}

const rowSchemas: { [K in Kind]: v.GenericSchema<unknown, Row<K>> } = {
  conversation: rowSchema('conversation'),
  message: rowSchema('message'),
};

/** The row if it is one, null if it is not: such a row is set aside, never applied. */
export function parseRow(row: unknown): AnyRow | null {
  if (typeof row !== 'object' || row === null || !('kind' in row)) return null;
  const kind = row.kind;
  if (typeof kind !== 'string' || !Object.hasOwn(rowSchemas, kind)) return null;
  const parsed = v.safeParse(rowSchemas[kind as Kind], row);
  return parsed.success ? parsed.output : null;
}

/** Whether a value may stand in a field. */
export function fieldProblem(kind: Kind, field: string, value: unknown): string | null {
  const schema = (entities[kind].fields as Record<string, v.GenericSchema>)[field];
  if (schema === undefined) return `a ${kind} has no field ${field}`;
  const parsed = v.safeParse(schema, value);
  return parsed.success ? null : parsed.issues[0].message;
}
