import DataLoader from 'dataloader';
import type { Listing, ParentColumn } from '../analytics/listing.ts';
import type { PageRequest } from '../analytics/page-request.ts';
import { type Page, pages } from '../analytics/pages.ts';
import { type NodeModel, type RowKey, rows } from '../analytics/rows.ts';
import type { ServiceContext } from '../context.ts';
import type { ModelName, RowOf } from '../db/columns.ts';

/** One set for each request. What is asked in one tick is one statement. */
export interface Loaders {
  /** The row with the id; null if it is not there or not the tenant's. */
  row<Model extends NodeModel>(model: Model, id: string): Promise<RowOf[Model] | null>;
  /** The page of a nested list that hangs on one parent. */
  page<Model extends ModelName, Filter, OrderField extends string>(
    listing: Listing<Model, Filter, OrderField>,
    request: PageRequest<Filter, OrderField>,
    column: ParentColumn,
    parentId: string,
  ): Promise<Page<RowOf[Model]>>;
}

type PageLoader = DataLoader<string, Page<object>>;

/** Batches without remembering: a second mutation in one request must see what the first one wrote. */
const options = { cache: false } as const;

/** Makes the loaders of one request. */
export function createLoaders(ctx: ServiceContext): Loaders {
  const byId = new DataLoader<RowKey, object | null>((keys) => rows(ctx, keys), options);
  const byListing = new Map<object, Map<string, PageLoader>>();

  return {
    // `rows` answers for each key with a row of the key's model.
    row: (model, id) => byId.load({ model, id }) as Promise<never>,
    page: (listing, request, column, parentId) => {
      const loaders = byListing.get(listing) ?? new Map<string, PageLoader>();
      byListing.set(listing, loaders);
      const question = JSON.stringify([column.name, request]);
      const loader =
        loaders.get(question) ??
        new DataLoader((ids) => pagesOf(ctx, listing, request, column, ids), options);
      loaders.set(question, loader);
      return loader.load(parentId) as Promise<never>; // `pages` answers with rows of the listing's model
    },
  };
}

async function pagesOf<Filter, OrderField extends string>(
  ctx: ServiceContext,
  listing: Listing<ModelName, Filter, OrderField>,
  request: PageRequest<Filter, OrderField>,
  column: ParentColumn,
  parentIds: readonly string[],
): Promise<Page<object>[]> {
  const ids = [...new Set(parentIds)];
  const answers = await pages(ctx, listing, request, { column, ids });
  const byParent = new Map(ids.map((id, index) => [id, answers[index]]));
  return parentIds.map((id) => {
    const page = byParent.get(id);
    if (page === undefined) throw new Error(`no page came back for ${listing.model} of ${id}`);
    return page;
  });
}
