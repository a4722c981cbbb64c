import type { ModelName } from '../db/columns.ts';
import type { Sql } from '../db/sql.ts';
import type { PlaceType } from '../domain/cursor.ts';
import type { ScoreWindow } from '../domain/score-window.ts';

/** What a list is sorted by: an expression over `t` that is never null, and its Postgres type. */
export interface Ordering {
  readonly key: Sql;
  readonly type: Exclude<PlaceType, 'uuid'>;
}

/** A column in which every row of a list differs, alone or with its neighbours. */
export interface UniqueColumn {
  readonly name: string;
  readonly type: 'uuid' | 'text' | 'int';
}

export type Direction = 'ASC' | 'DESC';

export interface OrderBy<Field extends string> {
  field: Field;
  direction: Direction;
}

/** The relation a nested list hangs on: the child's column that holds the parent's id. */
export interface ParentColumn {
  readonly name: string;
  readonly type: 'uuid' | 'text';
}

/**
 * One kind of list: what it holds, how it may be filtered and sorted. Everything that pages
 * (root lists and nested ones, in both directions) is derived from this.
 */
export interface Listing<Model extends ModelName, Filter, OrderField extends string> {
  readonly model: Model;
  readonly orderings: Readonly<Record<OrderField, Ordering>>;
  /** The same for an order whose key is counted over a window of time; null for any other. */
  readonly orderingIn?: (field: OrderField, window: ScoreWindow) => Ordering | null;
  /** Last keys of every order; together unique within a tenant. */
  readonly unique: readonly UniqueColumn[];
  readonly defaultOrder: { readonly field: OrderField; readonly direction: Direction };
  /** The filter that asks nothing. */
  readonly everything: Filter;
  /** Conditions over `t` for what the filter asks; none when it asks nothing. */
  readonly where: (filter: Filter) => Sql[];
  /** Conditions over `t` that put a row below a parent, where that takes more than its column. */
  readonly within?: (organizationId: string, parentId: Sql) => Sql[];
}
