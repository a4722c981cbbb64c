import { type Sql, sql } from '../db/sql.ts';
import {
  type Asked,
  contains,
  during,
  equals,
  inRepository,
  type RepositoryFilter,
  type TimeRange,
} from './conditions.ts';
import type { Listing } from './listing.ts';
import { hasOwner } from './owners.ts';
import { hasTag } from './test-tags.ts';

export type TestCaseFilter = Asked<
  RepositoryFilter & {
    suite: string;
    className: string;
    name: string;
    file: string;
    variant: string;
    flaky: boolean;
    firstSeenAt: TimeRange;
    tag: string;
    owner: string;
    text: string;
  }
>;

/** What `text` searches: suite, class, name and file, one blank between. */
const text = sql`(t.suite || ' ' || t.class_name || ' ' || t.name || ' ' || t.file)`;

const hasEvidence = sql`EXISTS (SELECT FROM flaky_tests f
  WHERE f.organization_id = t.organization_id AND f.test_case_id = t.id)`;

/** Test cases, those first seen last first. */
export const testCases: Listing<'TestCase', TestCaseFilter, 'FIRST_SEEN_AT' | 'NAME'> = {
  model: 'TestCase',
  orderings: {
    FIRST_SEEN_AT: { key: sql`t.first_seen_at`, type: 'timestamptz' },
    NAME: { key: sql`left(t.name, 256)`, type: 'text' },
  },
  unique: [{ name: 'id', type: 'text' }],
  defaultOrder: { field: 'FIRST_SEEN_AT', direction: 'DESC' },
  everything: {},
  where: (filter): Sql[] => [
    ...inRepository(filter),
    ...equals('suite', filter.suite),
    ...equals('className', filter.className),
    // The second condition is what the index holds; the first is exact.
    ...equals('name', filter.name),
    ...(filter.name == null ? [] : [sql`left(t.name, 256) = left(${filter.name}, 256)`]),
    ...equals('file', filter.file),
    ...equals('variant', filter.variant),
    ...(filter.flaky == null ? [] : [filter.flaky ? hasEvidence : sql`NOT ${hasEvidence}`]),
    ...during(sql`t.first_seen_at`, filter.firstSeenAt),
    ...hasTag(filter.tag, sql`t.id`),
    ...hasOwner(filter.owner, sql`t.id`),
    ...contains(text, filter.text),
  ],
};

/** Test cases that were merged into one, the last to be merged first. */
export const mergesOfTest: Listing<'TestCaseAlias', object, 'CREATED_AT'> = {
  model: 'TestCaseAlias',
  orderings: { CREATED_AT: { key: sql`t.created_at`, type: 'timestamptz' } },
  unique: [{ name: 'aliasId', type: 'text' }],
  defaultOrder: { field: 'CREATED_AT', direction: 'DESC' },
  everything: {},
  where: (): Sql[] => [],
};
