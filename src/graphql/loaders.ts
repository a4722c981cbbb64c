import DataLoader from 'dataloader';
import type { FieldNode } from 'graphql';
import type { Listing, ParentColumn } from '../analytics/listing.ts';
import type { PageRequest } from '../analytics/page-request.ts';
import { type Page, pages } from '../analytics/pages.ts';
import {
  countFindings,
  fixedCount,
  newCount,
  previousSecurityReports,
} from '../analytics/security-changes.ts';
import type { FlakySettingsOf } from '../domain/flaky-settings.ts';
import { settingsOfRepositories } from '../analytics/flaky-settings.ts';
import { type OwnedResult, ownersAtTheTime } from '../analytics/owners-at-the-time.ts';
import { tagsOfTests } from '../analytics/test-tags.ts';
import { type WebhookPayload, webhookPayloads } from '../analytics/webhook-deliveries.ts';
import { type ValueQuestion, valuesOf } from '../analytics/values.ts';
import { type RowModel, type RowKey, rows } from '../analytics/rows.ts';
import type { ServiceContext } from '../context.ts';
import type { ModelName, RowOf } from '../db/columns.ts';

/** One set for each request. What is asked in one tick is one statement. */
export interface Loaders {
  /** The row with the id; null if it is not there or not the tenant's. */
  row<Model extends RowModel>(model: Model, id: string): Promise<RowOf[Model] | null>;
  /** The security report before the one with the id, if any. */
  previousSecurityReport(id: string): Promise<RowOf['SecurityReport'] | null>;
  /** How many findings of the security report with the id the one before had not. */
  newFindingCount(id: string): Promise<number>;
  /** How many findings the report before had and this one has not. */
  fixedFindingCount(id: string): Promise<number>;
  /** The tags of the test case with the id. */
  tagsOfTest(id: string): Promise<string[]>;
  /** Who owned the test of the result when that ran; null when nobody knew. */
  ownersAtTheTime(result: OwnedResult): Promise<readonly string[] | null>;
  /** How the repository with the id judges its tests. */
  flakySettings(id: string): Promise<FlakySettingsOf>;
  /** What the sender of the webhook with the id sent. */
  webhookPayload(id: string): Promise<WebhookPayload>;
  /** The page of a list below one parent. What stands at one place of the query is one question. */
  page(
    place: readonly FieldNode[],
    key: string,
    parentId: string,
    question: () => PageQuestion,
  ): Promise<Page<object>>;
  /** What is worked out of other rows for the row with the id. What stands at one place is one question. */
  value(
    place: readonly FieldNode[],
    key: string,
    id: string,
    question: () => ValueQuestion,
  ): Promise<unknown>;
}

/** A list below parents, and which page of it. */
export interface PageQuestion {
  readonly listing: Listing<ModelName, unknown, string>;
  readonly request: PageRequest<unknown, string>;
  readonly column: ParentColumn;
}

type PageLoader = DataLoader<string, Page<object>>;
type ValueLoader = DataLoader<string, unknown>;
type Places<Loader> = Map<FieldNode | undefined, Map<string, Loader>>;

/** Batches without remembering: a second mutation in one request must see what the first one wrote. */
const options = { cache: false } as const;

/** Makes the loaders of one request. */
export function createLoaders(ctx: ServiceContext): Loaders {
  const byId = new DataLoader<RowKey, object | null>((keys) => rows(ctx, keys), options);
  const byReport = <Value>(of: (ctx: ServiceContext, ids: readonly string[]) => Promise<Value[]>) =>
    new DataLoader<string, Value>((ids) => of(ctx, ids), options);
  const previous = byReport(previousSecurityReports);
  const newCounts = byReport((all, ids) => countFindings(all, ids, newCount));
  const fixedCounts = byReport((all, ids) => countFindings(all, ids, fixedCount));
  const payloads = byReport(webhookPayloads);
  const tags = byReport(tagsOfTests);
  const owners = new DataLoader<OwnedResult, readonly string[] | null>(
    (results) => ownersAtTheTime(ctx, results),
    options,
  );
  const settings = byReport(settingsOfRepositories);
  const pagesByPlace: Places<PageLoader> = new Map();
  const valuesByPlace: Places<ValueLoader> = new Map();

  return {
    // `rows` answers for each key with a row of the key's model.
    row: (model, id) => byId.load({ model, id }) as Promise<never>,
    previousSecurityReport: (id) => previous.load(id),
    newFindingCount: (id) => newCounts.load(id),
    fixedFindingCount: (id) => fixedCounts.load(id),
    tagsOfTest: (id) => tags.load(id),
    ownersAtTheTime: (result) => owners.load(result),
    flakySettings: (id) => settings.load(id),
    webhookPayload: (id) => payloads.load(id),
    page: ([place], key, parentId, question) =>
      loaderAt(pagesByPlace, place, key, () => createPageLoader(ctx, question())).load(parentId),
    value: ([place], key, id, question) =>
      loaderAt(valuesByPlace, place, key, () => createValueLoader(ctx, question())).load(id),
  };
}

function loaderAt<Loader>(
  places: Places<Loader>,
  place: FieldNode | undefined,
  key: string,
  create: () => Loader,
): Loader {
  const loaders = places.get(place) ?? new Map<string, Loader>();
  places.set(place, loaders);
  const loader = loaders.get(key) ?? create();
  loaders.set(key, loader);
  return loader;
}

function createValueLoader(ctx: ServiceContext, question: ValueQuestion): ValueLoader {
  return new DataLoader((ids) => valuesOf(ctx, question, ids), options);
}

function createPageLoader(ctx: ServiceContext, question: PageQuestion): PageLoader {
  return new DataLoader((ids) => pagesOf(ctx, question, ids), options);
}

async function pagesOf(
  ctx: ServiceContext,
  { listing, request, column }: PageQuestion,
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
