import { type Queryable, query, type Sql, sql } from '../db/sql.ts';

/** Events that one pass takes in, all of one organization. */
export interface Taken {
  readonly organizationId: string;
  readonly ids: readonly bigint[];
  /** Code states that their results ran on. */
  readonly codeStates: readonly string[];
  /** Test cases of which all is to be worked out anew. */
  readonly testCaseIds: readonly string[];
  /** Uploads that may or may no longer hold suites that failed as a whole. */
  readonly uploads: readonly string[];
  /** Builds that were cancelled, or are no longer. */
  readonly buildIds: readonly string[];
  /** There may be further events. */
  readonly hasMore: boolean;
}

const mostAtOnce = 50;
const mostResults = 20_000;
/** Events of results that are taken in because something is worked out anew, and their results. */
const mostBeforeAnew = 200;
const mostResultsBeforeAnew = 50_000;
const mostAnew = 4;

/**
 * Gives the next batch: the oldest events, at most 50 and about 20,000 results. Events that ask for a recount are taken
 * only together with all pending RESULTS, so that a recount never counts a result that is still pending.
 */
export async function takeEvents(tx: Queryable, organizationId: string): Promise<Taken> {
  const own = sql`organization_id = ${organizationId}::uuid`;
  const [taken] = await query<Omit<Taken, 'organizationId'>>(
    tx,
    sql`WITH next AS MATERIALIZED (SELECT id, cardinality(recorded_ats) AS results FROM analytics_events
        WHERE ${own} AND kind NOT IN ('TEST_CASES', 'DAYS') ORDER BY id LIMIT ${mostAtOnce}),
      oldest AS MATERIALIZED (
        SELECT id FROM (SELECT id, sum(results) OVER (ORDER BY id) - results AS before FROM next) summed
        WHERE before < ${mostResults}),
      anew AS MATERIALIZED (SELECT id FROM analytics_events
        WHERE ${own} AND kind IN ('TEST_CASES', 'DAYS') ORDER BY id LIMIT ${mostAnew}),
      results AS MATERIALIZED (SELECT id, cardinality(recorded_ats) AS results FROM analytics_events
        WHERE ${own} AND kind = 'RESULTS' AND EXISTS (SELECT FROM anew) ORDER BY id LIMIT ${mostBeforeAnew} + 1),
      counted AS (SELECT (SELECT count(*) FROM anew) AS anew, (SELECT count(*) <= ${mostBeforeAnew}
          AND coalesce(sum(results), 0) <= ${mostResultsBeforeAnew} FROM results) AS is_anew_taken),
      taken AS (SELECT e.* FROM analytics_events e, counted WHERE ${own} AND (e.id IN (SELECT id FROM oldest)
        OR is_anew_taken AND (e.id IN (SELECT id FROM anew) OR e.id IN (SELECT id FROM results))))
      SELECT coalesce(array_agg(id), '{}') AS ids,
        coalesce(array_agg(DISTINCT code_state) FILTER (WHERE code_state IS NOT NULL), '{}') AS "codeStates",
        coalesce((SELECT array_agg(DISTINCT said.id) FROM taken t, unnest(t.test_case_ids) AS said (id)
          WHERE t.kind = 'TEST_CASES'), '{}') AS "testCaseIds",
        coalesce((SELECT array_agg(DISTINCT said.name) FROM taken t, unnest(t.names) AS said (name)
          WHERE t.kind = 'UPLOADS'), '{}') AS uploads,
        coalesce(array_agg(DISTINCT build_id::text) FILTER (WHERE kind = 'BUILD_GUARD'), '{}') AS "buildIds",
        (SELECT count(*) = ${mostAtOnce} OR count(*) > (SELECT count(*) FROM oldest) FROM next)
          OR (SELECT anew = ${mostAnew} OR anew > 0 AND NOT is_anew_taken FROM counted) AS "hasMore"
      FROM taken`,
  );
  if (taken === undefined) throw new Error('taking events gave no row');
  return { ...taken, organizationId };
}

/** The work on these events is done. */
export async function dropEvents(tx: Queryable, { organizationId, ids }: Taken): Promise<void> {
  await query(
    tx,
    sql`DELETE FROM analytics_events WHERE organization_id = ${organizationId}::uuid AND id = ANY (${ids}::bigint[])`,
  );
}

/** Results that are new, one row each: a select. */
export function newResults({ organizationId, ids, testCaseIds }: Taken): Sql {
  return sql`SELECT e.repository_id, e.build_id, e.submission_id, e.invocation_id, e.code_state,
      r.test_case_id, r.recorded_at, r.status, r.duration_us
    FROM analytics_events e,
      unnest(e.test_case_ids, e.recorded_ats, e.statuses, e.durations_us) AS r (test_case_id, recorded_at, status, duration_us)
    WHERE e.organization_id = ${organizationId}::uuid AND e.id = ANY (${ids}::bigint[]) AND e.kind = 'RESULTS'
      AND r.test_case_id <> ALL (${testCaseIds}::text[])`;
}
