import type { GraphQLField } from 'graphql';
import type { Listing, ParentColumn } from '../analytics/listing.ts';
import type { Derivation } from '../analytics/page-request.ts';
import type { RowModel } from '../analytics/rows.ts';
import type { ModelName } from '../db/columns.ts';

/** A field that is a list below its parent, as a look-ahead needs to know it. */
export interface ListBelow {
  readonly listing: Listing<ModelName, unknown, string>;
  readonly toFilter: (asked: unknown) => unknown;
  readonly column: ParentColumn;
  readonly parentField: string;
}

/** A field that is a row its parent belongs to, as a look-ahead needs to know it. */
export interface RowBelow {
  readonly model: RowModel;
  readonly idField: string;
  readonly idOf?: Derivation;
}

/** A field that is worked out of other rows, as a look-ahead needs to know it. */
export interface ValueBelow {
  readonly idField: string;
  /** @throws {ValidationError} for arguments that break a rule */
  readonly valueFor: (args: object) => Derivation;
}

interface Below {
  readonly listBelow?: ListBelow;
  readonly rowBelow?: RowBelow;
  readonly valueBelow?: ValueBelow;
}

/** What `nested`, `related`, `reachable`, `derived` and `computed` left with the field. */
export function belowOf(field: GraphQLField<unknown, unknown>): Below {
  return field.extensions;
}

/**
 * Names what stands under this name of the answer, with these arguments. The order of their keys does not
 * matter: graphql-js and graphql-jit give them in different ones.
 */
export function keyOf(responseName: string | number, args: object): string {
  return `${String(responseName)} ${JSON.stringify(args, sortedKeys)}`;
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}
