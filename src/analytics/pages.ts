import type { ServiceContext } from '../context.ts';
import { column, fieldsOf, type ModelName, type RowOf, selectList, tableOf } from '../db/columns.ts';
import { empty, join, type Sql, sql, verbatim } from '../db/sql.ts';
import { encodeCursor, type Place } from '../domain/cursor.ts';
import { ValidationError } from '../errors.ts';
import type { Listing, ParentColumn } from './listing.ts';
import type { PageRequest } from './page-request.ts';

/** A page of rows, each with its cursor. Facts that nobody asked for are left at 0 or false. */
export interface Page<Row> {
  readonly edges: readonly { readonly cursor: string; readonly node: Row }[];
  readonly totalCount: number;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** Where a nested list hangs: the child's column and the ids of the parents. */
export interface Parents {
  readonly column: ParentColumn;
  readonly ids: readonly string[];
}

interface Facts {
  readonly $parent: bigint;
  readonly $totalCount?: bigint;
  readonly $beyondAfter?: boolean;
  readonly $beyondBefore?: boolean;
  /** Text of the sort key; null where a parent has no row at all. */
  readonly $key: string | null;
}

/**
 * Gives one page for each parent, in the order of the parents, with one statement for all of them;
 * without parents, the one page of the whole list. Keyset paging: page 10,000 costs what page 1 costs.
 *
 * @throws {ValidationError} if a cursor holds values that are none of this list
 */
export async function pages<Model extends ModelName, Filter, OrderField extends string>(
  { db, tenant }: ServiceContext,
  listing: Listing<Model, Filter, OrderField>,
  request: PageRequest<Filter, OrderField>,
  parents: Parents | null,
): Promise<Page<RowOf[Model]>[]> {
  type Row = RowOf[Model];
  const statement = pageStatement(tenant.organizationId, listing, request, parents);
  const rows = await db.read<Facts & Row>(statement).catch((error: unknown) => {
    throw isForgedCursor(error, request) ? forgedCursor() : error;
  });

  const byParent = (parents?.ids ?? ['']).map((): (Facts & Row)[] => []);
  for (const row of rows) byParent[Number(row.$parent) - 1]?.push(row);
  return byParent.map((group) => toPage(listing, request, group));
}

function pageStatement<Filter, OrderField extends string>(
  organizationId: string,
  listing: Listing<ModelName, Filter, OrderField>,
  request: PageRequest<Filter, OrderField>,
  parents: Parents | null,
): Sql {
  const { wanted, orderBy, after, before } = request;
  const { key } = listing.orderings[orderBy.field];
  const scope = [
    sql`t.organization_id = ${organizationId}::uuid`,
    ...(parents ? [sql`${column(parents.column.name)} = asked.parent`] : []),
    ...listing.where(request.filter),
  ];
  const backward = request.first === null;
  const descending = (orderBy.direction === 'DESC') !== backward;
  const beyond = orderBy.direction === 'DESC' ? '<' : '>';
  const short = orderBy.direction === 'DESC' ? '>' : '<';
  const bounds = [
    ...(after ? [compare(listing, request, after, beyond)] : []),
    ...(before ? [compare(listing, request, before, short)] : []),
  ];
  const from = tableOf(listing.model);
  const facts = [
    ...(wanted.totalCount
      ? [sql`(SELECT count(*) FROM ${from} WHERE ${join(scope, ' AND ')}) AS "$totalCount"`]
      : []),
    ...(after && wanted.hasPreviousPage
      ? [probe(from, [...scope, compare(listing, request, after, `${short}=`)], '$beyondAfter')]
      : []),
    ...(before && wanted.hasNextPage
      ? [probe(from, [...scope, compare(listing, request, before, `${beyond}=`)], '$beyondBefore')]
      : []),
  ];
  const direction = verbatim(descending ? 'DESC' : 'ASC');
  const order = join(
    [key, ...listing.unique.map(({ name }) => column(name))].map((by) => sql`${by} ${direction}`),
  );
  const limit = (request.first ?? request.last ?? 0) + 1;

  return sql`SELECT asked.ordinality AS "$parent" ${facts.length > 0 ? sql`, facts.*` : empty}, item.*
    FROM ${askedFor(parents)}
    ${facts.length > 0 ? sql`CROSS JOIN LATERAL (SELECT ${join(facts)}) facts` : empty}
    LEFT JOIN LATERAL (
      SELECT ${selectList(columnsFor(listing, wanted.fields))}, (${key})::text AS "$key",
        row_number() OVER (ORDER BY ${order}) AS "$position"
      FROM ${from} WHERE ${join([...scope, ...bounds], ' AND ')}
      ORDER BY ${order} LIMIT ${limit}
    ) item ON true
    ORDER BY asked.ordinality, item."$position"`;
}

function askedFor(parents: Parents | null): Sql {
  if (parents === null) return sql`(SELECT 1::bigint AS ordinality) asked`;
  const type = verbatim(parents.column.type);
  return sql`unnest(${parents.ids}::${type}[]) WITH ORDINALITY AS asked (parent, ordinality)`;
}

function probe(from: Sql, where: readonly Sql[], name: string): Sql {
  return sql`EXISTS (SELECT FROM ${from} WHERE ${join(where as Sql[], ' AND ')}) AS "${verbatim(name)}"`;
}

/** `(key, id) < (place)`: one row comparison, so that one index range answers it. */
function compare<Filter, OrderField extends string>(
  listing: Listing<ModelName, Filter, OrderField>,
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

function columnsFor<Filter, OrderField extends string>(
  listing: Listing<ModelName, Filter, OrderField>,
  fields: readonly string[],
): string[] {
  const own = new Set(fieldsOf(listing.model));
  const needed = fields.flatMap((field) => listing.derived[field] ?? (own.has(field) ? [field] : []));
  // Sorted, so that the same question in another order is the same statement.
  return [...new Set([...listing.always, ...needed])].sort();
}

function toPage<Row extends object, Filter, OrderField extends string>(
  listing: Listing<ModelName, Filter, OrderField>,
  { orderBy, first, last, after, before }: PageRequest<Filter, OrderField>,
  group: readonly (Facts & Row)[],
): Page<Row> {
  const found = group.filter((row) => row.$key !== null);
  const facts = group[0];
  const size = first ?? last ?? 0;
  const kept = found.slice(0, size);
  if (first === null) kept.reverse();
  // Relay applies `first`, then `last` to what is left.
  const shown = first !== null && last !== null ? kept.slice(Math.max(0, kept.length - last)) : kept;
  const overflows = found.length > size;

  return {
    edges: shown.map((node) => ({
      node,
      cursor: encodeCursor(listing.model, orderBy.field, [
        node.$key ?? '',
        ...listing.unique.map(({ name }) => String(node[name as keyof typeof node])),
      ]),
    })),
    totalCount: Number(facts?.$totalCount ?? 0n),
    hasNextPage: (first !== null && overflows) || (before !== null && facts?.$beyondBefore === true),
    hasPreviousPage:
      (first === null && overflows) ||
      shown.length < kept.length ||
      (after !== null && facts?.$beyondAfter === true),
  };
}

const cannotCast = new Set(['22007', '22008', '22P02', '22003']);

function isForgedCursor(
  error: unknown,
  { after, before }: { readonly after: Place | null; readonly before: Place | null },
): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return (after !== null || before !== null) && cannotCast.has(code);
}

function forgedCursor(): ValidationError {
  return new ValidationError([{ path: ['after'], message: 'holds values that are none of this list' }]);
}
