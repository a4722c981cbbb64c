import type { ArgBuilder } from '@pothos/core';
import type { Asked, RepositoryFilter } from '../analytics/conditions.ts';
import { defaultPageSize, maxPageSize } from '../analytics/page-request.ts';
import type { SchemaTypes } from './builder.ts';
import { databaseId } from './node-id.ts';

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;
/** Makes arguments. */
export type Arg = ArgBuilder<Types>;

/** The repository that something is worked out of as a whole. */
export function repositoryArg(arg: Arg) {
  return arg.id({
    required: true,
    description:
      'The repository: `owner/name` in any letter case, or its `id` or `databaseId`. Of one that is not there nothing is found.',
  });
}

/** How many to give. */
export function firstArg(arg: Arg) {
  return arg.int({
    description: `How many: 0 to ${String(maxPageSize)}; ${String(defaultPageSize)} when absent.`,
  });
}

/** Where to go on. */
export function afterArg(arg: Arg) {
  return arg.string({
    description: 'Only what comes after this cursor of the same list in the same order.',
  });
}

/**
 * Reads the name of a repository.
 *
 * @throws {ValidationError} if it is neither `owner/name` nor an id
 */
export function repositoryNamed(named: string): Asked<RepositoryFilter> {
  // No id holds a slash: a UUID does not, nor does base64 of ASCII letters, digits, `-` and `:`.
  if (named.includes('/')) return { repository: named };
  return { repositoryId: databaseId('Repository', named, ['repository']) };
}
