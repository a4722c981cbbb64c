import type { ModelName } from '../db/columns.ts';
import type { Sql } from '../db/sql.ts';
import { decodeCursor, type Place } from '../domain/cursor.ts';
import { type AskedWindow, type ScoreWindow, scoreWindow } from '../domain/score-window.ts';
import { type InputIssue, ValidationError } from '../errors.ts';
import type { Direction, Listing, ParentColumn } from './listing.ts';
import type { RowModel } from './rows.ts';

export const defaultPageSize = 25;
export const maxPageSize = 100;

/** Relay's four arguments, as a caller gives them. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

/** What of a page will be looked at. The rest is not computed. */
export interface Wanted {
  /** Names of the node's fields. */
  readonly fields: readonly string[];
  readonly totalCount: boolean;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Lists that hang on each row, to be read with it. */
  readonly lists: readonly WantedList[];
  /** Rows that each row belongs to, to be read with it. */
  readonly rows: readonly WantedRow[];
  /** Values that are worked out of other rows, to be read with it. */
  readonly values: readonly WantedValue[];
}

/** A list that hangs on each row of another. */
export interface WantedList {
  /** Field and arguments: what a resolver asks for it by. */
  readonly key: string;
  readonly listing: Listing<ModelName, unknown, string>;
  readonly request: PageRequest<unknown, string>;
  readonly column: ParentColumn;
  /** The parent's field that holds its id. */
  readonly parentField: string;
}

/** A row that each row of a list belongs to. */
export interface WantedRow {
  /** The field: what a resolver asks for it by. */
  readonly key: string;
  readonly model: RowModel;
  /** The field of the row that holds the other's id, or what `idOf` works it out of. */
  readonly idField: string;
  readonly idOf?: Derivation | undefined;
  readonly wanted: Wanted;
}

/** A scalar subquery about the row of an organization with an id. */
export type Derivation = (organizationId: string, id: Sql) => Sql;

/** A value that is worked out of other rows. */
export interface WantedValue {
  /** Field and arguments: what a resolver asks for it by. */
  readonly key: string;
  /** The field of the row that holds its id. */
  readonly idField: string;
  readonly value: Derivation;
}

/** One page of one list, ready to be made a statement of. */
export interface PageRequest<Filter, OrderField extends string> {
  readonly filter: Filter;
  readonly orderBy: { readonly field: OrderField; readonly direction: Direction };
  /** Over which time the key of an order is counted, where it is counted. */
  readonly window: ScoreWindow;
  readonly first: number | null;
  readonly last: number | null;
  readonly after: Place | null;
  readonly before: Place | null;
  readonly wanted: Wanted;
}

/**
 * Checks Relay's arguments against a list.
 *
 * @throws {ValidationError} for a size below 0 or above 100, a cursor that is not of this list and order, or a window
 *   that is none
 */
export function pageRequest<Filter, OrderField extends string>(
  listing: Listing<ModelName, Filter, OrderField>,
  args: PageArguments,
  asked: Pick<PageRequest<Filter, OrderField>, 'filter' | 'wanted'> & {
    readonly orderBy?: { field: OrderField; direction: Direction } | null | undefined;
    readonly window?: AskedWindow | null | undefined;
  },
): PageRequest<Filter, OrderField> {
  const issues = [...sizeIssues('first', args.first), ...sizeIssues('last', args.last)];
  if (issues.length > 0) throw new ValidationError(issues);

  const orderBy = asked.orderBy ?? listing.defaultOrder;
  const expected = {
    list: listing.model,
    order: orderBy.field,
    types: [listing.orderings[orderBy.field].type, ...listing.unique.map(({ type }) => type)],
  };
  const place = (argument: 'after' | 'before'): Place | null => {
    const cursor = args[argument];
    return cursor == null ? null : decodeCursor(argument, cursor, expected);
  };
  return {
    filter: asked.filter,
    wanted: asked.wanted,
    orderBy,
    window: scoreWindow(asked.window),
    first: args.first ?? (args.last == null ? defaultPageSize : null),
    last: args.last ?? null,
    after: place('after'),
    before: place('before'),
  };
}

function sizeIssues(argument: 'first' | 'last', size: number | null | undefined): InputIssue[] {
  if (size == null || (size >= 0 && size <= maxPageSize)) return [];
  return [
    {
      path: [argument],
      message: `must be from 0 to ${String(maxPageSize)}, not ${String(size)}; page with after/before for more`,
    },
  ];
}
