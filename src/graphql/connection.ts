import type { InputRef } from '@pothos/core';
import type { GraphQLField, GraphQLResolveInfo } from 'graphql';
import type { Listing, OrderBy, ParentColumn } from '../analytics/listing.ts';
import { keptWith } from '../analytics/kept.ts';
import type { PageArguments } from '../analytics/page-request.ts';
import { type Page, pages } from '../analytics/pages.ts';
import type { ModelName, RowOf } from '../db/columns.ts';
import { keyOf, type ListBelow } from './below.ts';
import { builder } from './builder.ts';
import type { GraphQLContext } from './context.ts';
import { requestOf, wantedOf } from './wanted.ts';

interface ListArguments<Filter, Field extends string> extends PageArguments {
  readonly filter?: Filter | null | undefined;
  readonly orderBy?: OrderBy<Field> | null | undefined;
}

/** What Pothos resolves a connection from. */
interface Connection<Row> extends Page<Row> {
  readonly edges: { readonly cursor: string; readonly node: Row }[];
  readonly pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Which end of an order comes first.',
  values: {
    ASC: { description: 'Smallest, earliest or alphabetically first comes first.' },
    DESC: { description: 'Largest, latest or alphabetically last comes first.' },
  },
});

/** Makes the input type of an order: `{ field, direction }`. */
export function orderInput<Field extends string>(
  name: string,
  fields: Readonly<Record<Field, string>>,
): InputRef<OrderBy<Field>> {
  const values = Object.entries<string>(fields).map(([value, description]) => [
    value,
    { description },
  ]);
  const field = builder.enumType(`${name}Field`, {
    description: `What a ${name} sorts by.`,
    values: Object.fromEntries(values) as Record<Field, { description: string }>, // the keys of `fields`
  });
  const input = builder.inputType(name, {
    description: 'What to sort by, and which end comes first. The id decides between equals.',
    fields: (t) => ({
      field: t.field({ type: field, required: true, description: 'What to sort by.' }),
      direction: t.field({
        type: OrderDirection,
        required: true,
        description: 'Which end comes first.',
      }),
    }),
  });
  return input as unknown as InputRef<OrderBy<Field>>; // its two fields are the ones above
}

/** Resolves a list that hangs on nothing but the tenant. */
export function resolveList<Model extends ModelName, Filter, AskedFilter, Field extends string>(
  listing: Listing<Model, Filter, Field>,
  toFilter: (asked: AskedFilter) => Filter,
): (
  root: unknown,
  args: ListArguments<AskedFilter, Field>,
  ctx: GraphQLContext,
  info: GraphQLResolveInfo,
) => Promise<Connection<RowOf[Model]>> {
  const list = { listing, toFilter } as unknown as AnyList; // its own filter is all it is given
  const resolve: ReturnType<typeof resolveList<Model, Filter, AskedFilter, Field>> = async (
    _root,
    args,
    ctx,
    info,
  ) => {
    const [page] = await pages(ctx, list.listing, requestOf(list, args, wantedOf(info)), null);
    if (page === undefined) throw new Error(`no page came back for ${listing.model}`);
    return toConnection(page as Page<RowOf[Model]>);
  };
  rootLists.set(resolve, list);
  return resolve;
}

type AnyList = Pick<ListBelow, 'listing' | 'toFilter'>;

const rootLists = new WeakMap<object, AnyList>();

/** The list that a field of the root resolves, if it is one and asks for nothing beyond READ. */
export function rootListOf({ extensions }: GraphQLField<unknown, unknown>): AnyList | undefined {
  const options: { readonly resolve?: unknown; readonly authScopes?: unknown } =
    extensions['pothosOptions'] ?? {};
  if (options.authScopes !== undefined || typeof options.resolve !== 'function') return undefined;
  return rootLists.get(options.resolve);
}

/**
 * Options of a field that is a list below its parent: read in one statement with the parent when a list
 * looked ahead to it, else batched with those of all other parents.
 */
export function nested<
  Parent extends object,
  Model extends ModelName,
  Filter,
  AskedFilter,
  Field extends string,
>(
  listing: Listing<Model, Filter, Field>,
  toFilter: (asked: AskedFilter) => Filter,
  column: ParentColumn,
  parentField: keyof Parent & string,
) {
  const list = { listing, toFilter, column, parentField } as unknown as ListBelow; // as above
  return {
    extensions: { listBelow: list },
    resolve: async (
      parent: Parent,
      args: ListArguments<AskedFilter, Field>,
      { loaders }: GraphQLContext,
      info: GraphQLResolveInfo,
    ): Promise<Connection<RowOf[Model]>> => {
      const key = keyOf(info.path.key, args);
      const page =
        keptWith<Page<object>>(parent, key) ??
        (await loaders.page(info.fieldNodes, key, String(parent[parentField]), () => ({
          ...list,
          request: requestOf(list, args, wantedOf(info)),
        })));
      return toConnection(page as Page<RowOf[Model]>);
    },
  };
}

/** Gives a page as Pothos resolves a connection from it. */
export function toConnection<Row>(page: Page<Row>): Connection<Row> {
  const { edges, totalCount, hasNextPage, hasPreviousPage } = page;
  return {
    edges: [...edges],
    totalCount,
    hasNextPage,
    hasPreviousPage,
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      // Like the cursors of the edges, made when they are read.
      get startCursor() {
        return edges[0]?.cursor ?? null;
      },
      get endCursor() {
        return edges.at(-1)?.cursor ?? null;
      },
    },
  };
}
