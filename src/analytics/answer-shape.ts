import type { Sql } from '../db/sql.ts';
import type { ModelName } from '../db/columns.ts';
import type { Listing, ParentColumn } from './listing.ts';
import type { Derivation, PageRequest } from './page-request.ts';
import type { RowModel } from './rows.ts';

/** What an answer looks like, name by name: enough for Postgres to write it as JSON. Names are those of the answer. */
export interface Constant {
  readonly kind: 'constant';
  readonly name: string;
  readonly value: string;
}

export type NodeMember =
  | Constant
  | { readonly kind: 'value'; readonly name: string; readonly value: Sql }
  | ({ readonly kind: 'row'; readonly name: string } & RowAnswer)
  | ({ readonly kind: 'list'; readonly name: string; readonly parentField: string } & {
      readonly column: ParentColumn;
      readonly list: ListAnswer;
    });

/** A row of a model, the one a parent belongs to or one of a page. */
export interface NodeShape {
  readonly model: ModelName;
  readonly members: readonly NodeMember[];
}

/** The row that a parent names in one of its fields. */
export interface RowAnswer {
  readonly model: RowModel;
  readonly idField: string;
  readonly idOf?: Derivation | undefined;
  readonly node: NodeShape;
}

export type EdgeMember =
  | Constant
  | { readonly kind: 'node'; readonly name: string; readonly node: NodeShape }
  | { readonly kind: 'cursor'; readonly name: string };

export type PageInfoMember =
  | Constant
  | {
      readonly kind: 'hasNextPage' | 'hasPreviousPage' | 'startCursor' | 'endCursor';
      readonly name: string;
    };

export type PageMember =
  | Constant
  | { readonly kind: 'edges'; readonly name: string; readonly members: readonly EdgeMember[] }
  | { readonly kind: 'nodes'; readonly name: string; readonly node: NodeShape }
  | { readonly kind: 'totalCount'; readonly name: string }
  | {
      readonly kind: 'pageInfo';
      readonly name: string;
      readonly members: readonly PageInfoMember[];
    };

/** A page of a list, and what is said of it. */
export interface ListAnswer {
  readonly listing: Listing<ModelName, unknown, string>;
  /** Forward only: `first`, and perhaps `after`. */
  readonly request: PageRequest<unknown, string>;
  readonly members: readonly PageMember[];
}
