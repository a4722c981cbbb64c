import type { ServiceContext } from '../context.ts';
import { type Sql, sql } from '../db/sql.ts';
import { tagKey } from '../domain/tags.ts';

/** The tags of a test case as they were first written, in the order of the alphabet: JSON, a scalar subquery. */
export function tagsOf(organizationId: string, testCaseId: Sql): Sql {
  return sql`(SELECT coalesce(json_agg(g.tag ORDER BY g.key), '[]') FROM test_tags g
    WHERE g.organization_id = ${organizationId}::uuid AND g.test_case_id = ${testCaseId})`;
}

/** Gives the tags of test cases by their ids, in that order: one statement. */
export async function tagsOfTests(
  { db, tenant: { organizationId } }: ServiceContext,
  ids: readonly string[],
): Promise<string[][]> {
  const found = await db.read<{ tags: string[] }>(
    sql`SELECT ${tagsOf(organizationId, sql`asked.id`)} AS tags
      FROM unnest(${ids}::text[]) WITH ORDINALITY AS asked (id, place) ORDER BY place`,
  );
  return found.map(({ tags }) => tags);
}

/** The test has the tag, in any letter case; `testCaseId` is a column of `t`. */
export function hasTag(tag: string | null | undefined, testCaseId: Sql): Sql[] {
  if (tag == null) return [];
  return [
    sql`EXISTS (SELECT FROM test_tags g WHERE g.organization_id = t.organization_id
      AND g.test_case_id = ${testCaseId} AND g.key = ${tagKey(tag)})`,
  ];
}
