import { type Queryable, query, type Sql, sql, verbatim } from './sql.ts';

/** What the analytics is to work out anew, when and only if the transaction commits: notes for its next pass. */

/** Test cases of one event at most. */
const testCasesOfEvent = 200;

const uploadsOfEvent = 10;

/** All that is held of these tests. */
export async function noteTestCases(
  tx: Queryable,
  organizationId: string,
  testCaseIds: readonly string[],
): Promise<void> {
  await query(
    tx,
    sql`INSERT INTO analytics_events (organization_id, kind, test_case_ids)
      SELECT ${organizationId}::uuid, 'TEST_CASES', array_agg(id)
      FROM unnest(${testCaseIds}::text[]) WITH ORDINALITY AS said (id, place)
      GROUP BY (place - 1) / ${testCasesOfEvent}::int`,
  );
}

/** All that is held of the tests of a repository that failed, or were held for something. */
export async function noteFailingTests(
  tx: Queryable,
  organizationId: string,
  repositoryId: string,
): Promise<void> {
  const own = sql`organization_id = ${organizationId}::uuid AND repository_id = ${repositoryId}::uuid`;
  await query(
    tx,
    sql`INSERT INTO analytics_events (organization_id, kind, test_case_ids)
      SELECT ${organizationId}::uuid, 'TEST_CASES', array_agg(id)
      FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / ${testCasesOfEvent}::int AS part FROM (
        SELECT test_case_id AS id FROM flaky_tests WHERE ${own}
        UNION SELECT test_case_id FROM test_days WHERE ${own} AND failed + errored > 0) concerned) numbered
      GROUP BY part`,
  );
}

/**
 * Whether suites failed as a whole in the uploads that hold some results.
 *
 * @param which condition on a result `r`
 */
export async function noteUploads(
  tx: Queryable,
  organizationId: string,
  which: Sql,
): Promise<void> {
  await query(
    tx,
    sql`INSERT INTO analytics_events (organization_id, kind, names)
      SELECT ${organizationId}::uuid, 'UPLOADS', array_agg(upload) FROM (
        SELECT upload, (row_number() OVER (ORDER BY min(recorded_at)) - 1) / ${uploadsOfEvent}::int AS part
        FROM (SELECT ${uploadOf('r')} AS upload, r.recorded_at FROM test_results r
          WHERE r.organization_id = ${organizationId}::uuid AND ${which}) said
        GROUP BY upload) numbered
      GROUP BY part ORDER BY part`,
  );
}

/** Whether builds were cancelled, or are no longer. */
export async function noteBuildGuards(
  tx: Queryable,
  organizationId: string,
  buildIds: readonly string[],
): Promise<void> {
  await query(
    tx,
    sql`INSERT INTO analytics_events (organization_id, kind, build_id)
      SELECT DISTINCT ${organizationId}::uuid, 'BUILD_GUARD'::analytics_event_kind, id
      FROM unnest(${buildIds}::uuid[]) AS builds (id)`,
  );
}

/** What a result, or an event about results, was uploaded with: the kind of its nearest parent, and that one's id. */
export function uploadOf(alias: 'e' | 'r'): Sql {
  return verbatim(`coalesce('submission ' || ${alias}.submission_id, 'build ' || ${alias}.build_id::text,
    'invocation ' || ${alias}.invocation_id::text)`);
}
