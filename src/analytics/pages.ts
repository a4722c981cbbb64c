import type { ServiceContext } from '../context.ts';
import type { ModelName, RowOf } from '../db/columns.ts';
import { join, sql, verbatim } from '../db/sql.ts';
import { encodeCursor, placeValue } from '../domain/cursor.ts';
import { keepWith } from './kept.ts';
import type { Listing, ParentColumn } from './listing.ts';
import { factsOf, itemsOf } from './page-sql.ts';
import type { PageRequest, Wanted } from './page-request.ts';
import { reviveRow } from '../db/columns.ts';

export interface Edge<Row> {
  readonly cursor: string;
  readonly node: Row;
}

/** A page of rows, each with its cursor. Facts that nobody asked for are left at 0 or false. */
export interface Page<Row> {
  readonly edges: readonly Edge<Row>[];
  readonly totalCount: number;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** Where a nested list hangs: the child's column and the ids of the parents. */
export interface Parents {
  readonly column: ParentColumn;
  readonly ids: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/** One page as it comes from Postgres. */
interface Facts {
  readonly $totalCount?: number | bigint;
  readonly $beyondAfter?: boolean;
  readonly $beyondBefore?: boolean;
  /** The rows of the page as JSON; null where there are none. */
  readonly $items: readonly Json[] | null;
}

/**
 * Gives one page for each parent, in the order of the parents, with one statement for all of them and
 * for all that is wanted below them; without parents, the one page of the whole list. Keyset paging:
 * page 10,000 costs what page 1 costs.
 */
export async function pages<Model extends ModelName, Filter, OrderField extends string>(
  { db, tenant }: ServiceContext,
  listing: Listing<Model, Filter, OrderField>,
  request: PageRequest<Filter, OrderField>,
  parents: Parents | null,
): Promise<Page<RowOf[Model]>[]> {
  const { organizationId } = tenant;
  const parent = parents && { column: parents.column, id: sql`asked.parent` };
  const columns = [
    sql`asked.ordinality AS "$parent"`,
    ...factsOf(organizationId, listing, request, parent).map(
      ({ name, value }) => sql`${value} AS "${verbatim(name)}"`,
    ),
    sql`${itemsOf(organizationId, listing, request, parent)} AS "$items"`,
  ];
  const from = parents
    ? sql`unnest(${parents.ids}::${verbatim(parents.column.type)}[]) WITH ORDINALITY AS asked (parent, ordinality)`
    : sql`(SELECT 1 AS ordinality) asked`;
  const answers = await db.read<Facts & { readonly $parent: number | bigint }>(
    sql`SELECT ${join(columns)} FROM ${from}`,
  );

  const byParent = new Map(answers.map((facts) => [Number(facts.$parent), facts]));
  return (parents?.ids ?? ['']).map((_id, index) => {
    const facts = byParent.get(index + 1);
    if (facts === undefined) throw new Error(`no page came back for ${listing.model}`);
    return toPage(listing, request, facts);
  });
}

function toPage<Model extends ModelName, Filter, OrderField extends string>(
  listing: Listing<Model, Filter, OrderField>,
  { orderBy, first, last, after, before, wanted }: PageRequest<Filter, OrderField>,
  facts: Facts,
): Page<RowOf[Model]> {
  const found = facts.$items ?? [];
  const size = first ?? last ?? 0;
  const kept = found.slice(0, size);
  if (first === null) kept.reverse();
  // Relay applies `first`, then `last` to what is left.
  const shown =
    first !== null && last !== null ? kept.slice(Math.max(0, kept.length - last)) : kept;
  const overflows = found.length > size;

  return {
    edges: shown.map((item) => toEdge(listing, orderBy.field, wanted, item)),
    totalCount: Number(facts.$totalCount ?? 0),
    hasNextPage: (first !== null && overflows) || (before !== null && facts.$beyondBefore === true),
    hasPreviousPage:
      (first === null && overflows) ||
      shown.length < kept.length ||
      (after !== null && facts.$beyondAfter === true),
  };
}

/** The cursor is made when it is read: most queries look at none, or at the last one. */
function toEdge<Model extends ModelName, Filter, OrderField extends string>(
  listing: Listing<Model, Filter, OrderField>,
  field: OrderField,
  wanted: Wanted,
  item: Json,
): Edge<RowOf[Model]> {
  const node = toNode(listing.model, wanted, item);
  return {
    node,
    get cursor() {
      const isInstant = listing.orderings[field].type === 'timestamptz';
      const key = item['$key'];
      return encodeCursor(listing.model, field, [
        placeValue(isInstant ? new Date(String(key)) : key),
        ...listing.unique.map(({ name }) => placeValue(node[name as keyof typeof node])),
      ]);
    },
  };
}

/** Gives the row, and keeps with it what came in the same document. */
function toNode<Model extends ModelName>(model: Model, wanted: Wanted, item: Json): RowOf[Model] {
  const row = reviveRow(model, item);
  wanted.lists.forEach(({ key, listing, request }, index) => {
    keepWith(row, key, toPage(listing, request, item[`$list${String(index)}`] as Facts));
  });
  wanted.rows.forEach(({ key, model: other, wanted: below }, index) => {
    const found = item[`$row${String(index)}`] as Json | null;
    keepWith(row, key, found && toNode(other, below, found));
  });
  wanted.values.forEach(({ key }, index) => {
    keepWith(row, key, item[`$value${String(index)}`]);
  });
  return row;
}
