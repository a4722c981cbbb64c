import { column, jsonExcerptList, type ModelName, tableOf } from '../db/columns.ts';
import { empty, join, type Sql, sql, verbatim } from '../db/sql.ts';
import type { Place } from '../domain/cursor.ts';
import type { Direction, Listing, Ordering, ParentColumn } from './listing.ts';
import type { PageRequest, Wanted, WantedList, WantedRow } from './page-request.ts';
import type { RowModel } from './rows.ts';
import { columnsFor } from './projections.ts';

/** What a nested list hangs on: the child's column, and the parent's id as an expression. */
export interface Parent {
  readonly column: ParentColumn;
  readonly id: Sql;
}

type AnyListing<Filter, OrderField extends string> = Listing<ModelName, Filter, OrderField>;

/**
 * The rows of one page as one JSON document, a scalar subquery; null where there are none. One row more
 * than the page holds tells whether there is more.
 */
export function itemsOf<Filter, OrderField extends string>(
  organizationId: string,
  list: AnyListing<Filter, OrderField>,
  request: PageRequest<Filter, OrderField>,
  parent: Parent | null,
): Sql {
  const { wanted, orderBy, first, last } = request;
  const listing = below(list, parent, request);
  const ordering = listing.orderings[orderBy.field];
  const isDescending = (orderBy.direction === 'DESC') === (first !== null);
  const order = orderOf(listing, request, isDescending ? 'DESC' : 'ASC');
  const size = (first ?? last ?? 0) + 1;
  const rows = rowsOf(organizationId, listing, request, { parent, order, size });
  const key = sql`${asJson(ordering)} AS "$key"`;

  return sql`(SELECT json_agg(item) FROM (
    ${selectRows(organizationId, listing.model, wanted, rows, [key])} ORDER BY ${order}) item)`;
}

/** The rows of a page, a subquery; the listing as `below` gives it. */
export function rowsOf<Filter, OrderField extends string>(
  organizationId: string,
  listing: AnyListing<Filter, OrderField>,
  request: PageRequest<Filter, OrderField>,
  { parent, order, size }: { parent: Parent | null; order: Sql; size: number },
): Sql {
  const { after, before } = request;
  const { beyond, short } = operators(request);
  const where = [
    ...scopeOf(organizationId, listing, request, parent),
    ...(after ? [compare(listing, request, after, beyond)] : []),
    ...(before ? [compare(listing, request, before, short)] : []),
  ];
  // In the text (0 to 101, pageRequest sees to that): a plan made for any limit sorts the whole table,
  // one made for a page reads the index.
  return sql`(SELECT * FROM ${tableOf(listing.model)} WHERE ${join(where, ' AND ')}
    ORDER BY ${order} LIMIT ${verbatim(String(size))})`;
}

/**
 * The list as it stands below a parent. Only repositories have an index for each order; elsewhere rows are
 * found by their parent and sorted. `+ 0` keeps the planner from walking the order's index through the
 * whole organization instead (measured: 8 s, where one build held nearly all of 296,000 results).
 */
export function below<Filter, OrderField extends string>(
  list: AnyListing<Filter, OrderField>,
  parent: Parent | null,
  request: Pick<PageRequest<Filter, OrderField>, 'orderBy' | 'window'>,
): AnyListing<Filter, OrderField> {
  const listing = inWindow(list, request);
  if (parent === null || parent.column.name === 'repositoryId') return listing;
  const orderings = Object.entries<Ordering>(listing.orderings).map(([field, ordering]) => [
    field,
    ordering.type === 'bigint' ? { ...ordering, key: sql`(${ordering.key} + 0)` } : ordering,
  ]);
  // The same fields with the same types; only keys are written otherwise.
  return { ...listing, orderings: Object.fromEntries(orderings) as typeof listing.orderings };
}

/** The list with the key of its order as it is in the window that is asked for. */
function inWindow<Filter, OrderField extends string>(
  listing: AnyListing<Filter, OrderField>,
  { orderBy: { field }, window }: Pick<PageRequest<Filter, OrderField>, 'orderBy' | 'window'>,
): AnyListing<Filter, OrderField> {
  const ordering = listing.orderingIn?.(field, window);
  if (ordering == null) return listing;
  return { ...listing, orderings: { ...listing.orderings, [field]: ordering } };
}

/** What is asked beside the rows of a page. */
export function factsOf<Filter, OrderField extends string>(
  organizationId: string,
  list: AnyListing<Filter, OrderField>,
  request: PageRequest<Filter, OrderField>,
  parent: Parent | null,
): { readonly name: string; readonly value: Sql }[] {
  const { wanted, after, before } = request;
  const listing = below(list, parent, request);
  const from = tableOf(listing.model);
  const scope = scopeOf(organizationId, listing, request, parent);
  const { beyond, short } = operators(request);
  const probe = (place: Place, side: '<' | '>'): Sql =>
    isBeyond(listing, request, { scope, place, side });
  return [
    ...(wanted.totalCount
      ? [
          {
            name: '$totalCount',
            value: sql`(SELECT count(*) FROM ${from} WHERE ${join(scope, ' AND ')})`,
          },
        ]
      : []),
    ...(after && wanted.hasPreviousPage
      ? [{ name: '$beyondAfter', value: probe(after, short) }]
      : []),
    ...(before && wanted.hasNextPage
      ? [{ name: '$beyondBefore', value: probe(before, beyond) }]
      : []),
  ];
}

/**
 * Whether a row stands at the place or on that side of it. Not EXISTS: that drops the order, and then a
 * plan may read the table from its far end until it meets one (measured: 4,901 rows of 5,000).
 */
function isBeyond<Filter, OrderField extends string>(
  listing: AnyListing<Filter, OrderField>,
  request: PageRequest<Filter, OrderField>,
  { scope, place, side }: { scope: readonly Sql[]; place: Place; side: '<' | '>' },
): Sql {
  const where = [...scope, compare(listing, request, place, `${side}=`)];
  const nearest = orderOf(listing, request, side === '<' ? 'DESC' : 'ASC');
  return sql`(SELECT true FROM ${tableOf(listing.model)} WHERE ${join(where, ' AND ')}
    ORDER BY ${nearest} LIMIT 1) IS NOT NULL`;
}

export function orderOf<Filter, OrderField extends string>(
  listing: AnyListing<Filter, OrderField>,
  { orderBy }: PageRequest<Filter, OrderField>,
  direction: Direction,
): Sql {
  const { key } = listing.orderings[orderBy.field];
  const columns = [key, ...listing.unique.map(({ name }) => column(name))];
  return join(columns.map((by) => sql`${by} ${verbatim(direction)}`));
}

/** Selects what is wanted of rows, which stand in the statement under the alias `t`. */
function selectRows(
  organizationId: string,
  model: ModelName,
  wanted: Wanted,
  rows: Sql,
  more: readonly Sql[],
): Sql {
  const lists = wanted.lists.map(
    (list, index) => sql`${nestedList(organizationId, list)} AS "$list${verbatim(String(index))}"`,
  );
  const others = wanted.rows.map(
    (row, index) => sql`${nestedRow(organizationId, row)} AS "$row${verbatim(String(index))}"`,
  );
  const values = wanted.values.map(
    ({ idField, value }, index) =>
      sql`${value(organizationId, aboveId(idField))} AS "$value${verbatim(String(index))}"`,
  );
  const columns = [jsonExcerptList(model, columnsFor(model, wanted.fields)), ...more];
  // What is below speaks of its own rows as `t`, so it knows these by another name.
  const ids = [
    ...wanted.lists.map(({ parentField }) => parentField),
    ...[...wanted.rows, ...wanted.values].map(({ idField }) => idField),
  ];
  const links = [...new Set(ids)].map((id) => sql`${column(id)} AS "${verbatim(id)}"`);
  const outer = links.length > 0 ? sql`CROSS JOIN LATERAL (SELECT ${join(links)}) above` : empty;
  return sql`SELECT ${join([...columns, ...lists, ...others, ...values])} FROM ${rows} t ${outer}`;
}

/** A field of the row that what follows hangs on. */
export function aboveId(field: string): Sql {
  return sql`above."${verbatim(field)}"`;
}

function nestedList(organizationId: string, list: WantedList): Sql {
  const { listing, request, column: parentColumn, parentField } = list;
  const parent = { column: parentColumn, id: aboveId(parentField) };
  const facts = factsOf(organizationId, listing, request, parent);
  const members = [
    ...facts.map(({ name, value }) => sql`'${verbatim(name)}', ${value}`),
    sql`'$items', ${itemsOf(organizationId, listing, request, parent)}`,
  ];
  return sql`json_build_object(${join(members)})`;
}

/** Fields by which rows are found that have no id of their own. */
const keyFields: Readonly<Partial<Record<ModelName, string>>> = {
  BuildLog: 'buildId',
  FlakyTest: 'testCaseId',
  FixAttempt: 'testCaseId',
  Quarantine: 'testCaseId',
  ExcludedResult: 'resultId',
  TestCaseAlias: 'aliasId',
};

/** The row of the model with an id, a subquery. */
export function namedRow(organizationId: string, model: RowModel, id: Sql): Sql {
  const row = sql`SELECT t.* FROM ${tableOf(model)}`;
  const own = sql`t.organization_id = ${organizationId}::uuid`;
  if (model !== 'TestResult') {
    return sql`(${row} WHERE ${own} AND ${column(keyFields[model] ?? 'id')} = ${id})`;
  }
  // The id begins with the second of recorded_at: one short range of one partition.
  return sql`(${row} CROSS JOIN (SELECT id, to_timestamp(('x' || left(id, 8))::bit(32)::bigint) AS second
      FROM (SELECT ${id} AS id) named) asked
    WHERE ${own} AND t.id = asked.id AND t.recorded_at >= asked.second
      AND t.recorded_at < asked.second + interval '1 second')`;
}

function nestedRow(organizationId: string, { model, idField, idOf, wanted }: WantedRow): Sql {
  const id = idOf?.(organizationId, aboveId(idField)) ?? aboveId(idField);
  const rows = namedRow(organizationId, model, id);
  return sql`(SELECT row_to_json(item) FROM (${selectRows(organizationId, model, wanted, rows, [])}) item)`;
}

function scopeOf<Filter, OrderField extends string>(
  organizationId: string,
  listing: AnyListing<Filter, OrderField>,
  { filter }: PageRequest<Filter, OrderField>,
  parent: Parent | null,
): Sql[] {
  return [
    sql`t.organization_id = ${organizationId}::uuid`,
    ...(parent ? belongsTo(organizationId, listing, parent) : []),
    ...listing.where(filter),
  ];
}

function belongsTo<Filter, OrderField extends string>(
  organizationId: string,
  { within }: AnyListing<Filter, OrderField>,
  parent: Parent,
): Sql[] {
  return within?.(organizationId, parent.id) ?? [sql`${column(parent.column.name)} = ${parent.id}`];
}

/** How a row compares with a place that lies before it, and with one that lies after it. */
function operators<Filter, OrderField extends string>({
  orderBy,
}: PageRequest<Filter, OrderField>): { beyond: '<' | '>'; short: '<' | '>' } {
  return orderBy.direction === 'DESC' ? { beyond: '<', short: '>' } : { beyond: '>', short: '<' };
}

/** `(key, id) < (place)`: one row comparison, so that one index range answers it. */
function compare<Filter, OrderField extends string>(
  listing: AnyListing<Filter, OrderField>,
  { orderBy }: PageRequest<Filter, OrderField>,
  place: Place,
  operator: string,
): Sql {
  const { key, type } = listing.orderings[orderBy.field];
  const types = [type, ...listing.unique.map((unique) => unique.type)];
  const values = place.map((value, index) => sql`${value}::${verbatim(types[index] ?? 'text')}`);
  const columns = [key, ...listing.unique.map(({ name }) => column(name))];
  return sql`(${join(columns)}) ${verbatim(operator)} (${join(values)})`;
}

/** 64-bit integers travel as text, so that no digit is lost. */
function asJson({ key, type }: Ordering): Sql {
  return type === 'bigint' ? sql`(${key})::text` : key;
}
