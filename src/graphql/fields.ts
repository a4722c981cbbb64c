import type { InputFieldBuilder, ObjectFieldBuilder } from '@pothos/core';
import { getDatamodel } from '../db/generated/pothos.ts';
import { builder } from './builder.ts';

const { models } = getDatamodel().datamodel;

/**
 * The description of a column, as the Prisma schema states it, for fields that convert what they expose.
 *
 * @throws {Error} when the schema has none: no field goes without
 */
export function describe(model: keyof typeof models, column: string): string {
  const text = models[model]?.fields.find(({ name }) => name === column)?.documentation;
  if (text === undefined) throw new Error(`${model}.${column} has no /// in schema.prisma`);
  return text;
}

/** 64-bit columns travel as numbers; what we store stays below 2^53. */
export function toNumber(value: bigint): number;
export function toNumber(value: bigint | null): number | null;
export function toNumber(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}

export const TimeRange = builder.inputType('TimeRange', {
  description: 'An interval of time. Either end may be left open.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'The first instant that belongs to it.' }),
    to: t.field({
      type: 'DateTime',
      description: 'The first instant that no longer belongs to it.',
    }),
  }),
});

/** What the builder knows of types. */
export type Types = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer T> ? T : never;
/** Makes the fields of an object type. */
export type ObjectFields<Parent> = ObjectFieldBuilder<Types, Parent>;

/** Makes the fields of an input type. */
export type InputFields = InputFieldBuilder<Types, 'InputObject'>;

/** The two ways to name a repository in a filter. */
export function repositoryFields(t: InputFields) {
  return {
    repositoryId: t.id({ description: 'Only of this repository, by its `id` or `databaseId`.' }),
    repository: t.string({
      description: 'Only of this repository, as `owner/name` in any letter case.',
    }),
  };
}

/** Where the code came from, in a filter. */
export function codeFields(t: InputFields) {
  return {
    branch: t.stringList({ description: 'Only of one of these branches.' }),
    commitSha: t.string({ description: 'Only of this commit, by its full SHA.' }),
  };
}
