import { type Queryable, query, type Sql, sql } from '../db/sql.ts';

/** Events that one pass takes in, all of one organization. */
export interface Taken {
  readonly organizationId: string;
  readonly ids: readonly bigint[];
  /** Code states that their results ran on. */
  readonly codeStates: readonly string[];
  /** Test cases of which all is to be worked out anew. */
  readonly testCaseIds: readonly string[];
  /** Builds that were cancelled, or are no longer. */
  readonly buildIds: readonly string[];
  /** True when there may be more. */
  readonly isPart: boolean;
}

const mostAtOnce = 50;

/**
 * Gives the oldest events, at most 50. All of them where one asks for something to be worked out anew: that reads facts
 * whose own events must not count them once more.
 */
export async function takeEvents(tx: Queryable, organizationId: string): Promise<Taken> {
  const [taken] = await query<Omit<Taken, 'organizationId' | 'isPart'>>(
    tx,
    sql`WITH anew AS MATERIALIZED (SELECT count(*) AS count FROM analytics_events
        WHERE organization_id = ${organizationId}::uuid AND kind IN ('TEST_CASES', 'DAYS')),
      taken AS (SELECT * FROM analytics_events WHERE organization_id = ${organizationId}::uuid
        ORDER BY id LIMIT CASE WHEN (SELECT count FROM anew) = 0 THEN ${mostAtOnce}::int END)
      SELECT coalesce(array_agg(id), '{}') AS ids,
        coalesce(array_agg(DISTINCT code_state) FILTER (WHERE code_state IS NOT NULL), '{}') AS "codeStates",
        coalesce((SELECT array_agg(DISTINCT said.id) FROM taken t, unnest(t.test_case_ids) AS said (id)
          WHERE t.kind = 'TEST_CASES'), '{}') AS "testCaseIds",
        coalesce(array_agg(DISTINCT build_id::text) FILTER (WHERE kind = 'BUILD_GUARD'), '{}') AS "buildIds"
      FROM taken`,
  );
  if (taken === undefined) throw new Error('taking events gave no row');
  return { ...taken, organizationId, isPart: taken.ids.length === mostAtOnce };
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
