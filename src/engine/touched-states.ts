import { hasFailed, isOfDefaultBranch } from '../db/outcome-rules.ts';
import { type Queryable, query, type Sql, sql, verbatim } from '../db/sql.ts';
import type { GuardChange } from './guard-results.ts';
import type { Taken } from './take-events.ts';
import { oldestResult } from './uploads.ts';

/** Days within which a failure has the passes about it that make it a sandwich. */
export const sandwichDays = 14;

/** A test and a code state, by the key of evidence, that are to be judged. */
export interface AskedState {
  readonly testCaseId: string;
  readonly key: string;
}

/** The key of the evidence that a result `r` can be part of. */
export const evidenceKey: Sql = verbatim(
  `coalesce(r.code_state, 'run ' || coalesce(r.build_id::text, r.submission_id, r.invocation_id::text))`,
);

export interface Touched {
  readonly states: readonly AskedState[];
  /** Tests with failures in the days about, whatever the code state. */
  readonly testCaseIds: readonly string[];
}

/**
 * Finds the pairs of test and code state whose evidence may have changed: the states of new and re-guarded results where
 * the test has a failure or evidence, and those of the nearest failures before and after each result, since a sandwich
 * depends on its neighbours.
 */
export async function touchedStates(
  tx: Queryable,
  taken: Taken,
  guardChanges: readonly GuardChange[],
): Promise<Touched> {
  const { organizationId, codeStates } = taken;
  const states = [...codeStates, ...guardChanges.flatMap(({ codeState }) => codeState ?? [])];
  const [found] = await query<Touched>(
    tx,
    sql`WITH touched AS MATERIALIZED (${touchesOf(taken, guardChanges)}),
      failing AS MATERIALIZED (SELECT DISTINCT r.code_state, r.test_case_id FROM test_results r
        WHERE r.organization_id = ${organizationId}::uuid AND r.code_state = ANY (${states}::text[]) AND ${hasFailed('r')}),
      suspects AS MATERIALIZED (SELECT DISTINCT t.repository_id, t.test_case_id, t.recorded_at, t.code_state FROM touched t
        WHERE EXISTS (SELECT FROM test_days d WHERE d.organization_id = ${organizationId}::uuid
          AND d.test_case_id = t.test_case_id AND d.failed + d.errored > 0
          AND d.day BETWEEN (t.recorded_at AT TIME ZONE 'UTC')::date - ${sandwichDays + 1}::int
            AND (t.recorded_at AT TIME ZONE 'UTC')::date + ${sandwichDays + 1}::int)),
      asked AS (
        SELECT test_case_id, code_state AS key FROM touched JOIN failing USING (test_case_id, code_state)
        UNION SELECT t.test_case_id, e.key FROM touched t JOIN flaky_evidence e
          ON e.organization_id = ${organizationId}::uuid AND e.test_case_id = t.test_case_id AND e.key = t.code_state
        UNION SELECT s.test_case_id, ${evidenceKey} FROM suspects s JOIN test_results r
          ON r.organization_id = ${organizationId}::uuid AND r.test_case_id = s.test_case_id AND r.recorded_at = s.recorded_at
          WHERE s.code_state IS NULL AND r.code_state IS NULL
        UNION SELECT s.test_case_id, e.key FROM suspects s JOIN flaky_evidence e
          ON e.organization_id = ${organizationId}::uuid AND e.test_case_id = s.test_case_id AND e.code_state = ''
          WHERE s.code_state IS NULL
        UNION ${failuresAbout(organizationId)}
        UNION ${allStates(taken)})
      SELECT coalesce(json_agg(json_build_object('testCaseId', test_case_id, 'key', key)), '[]') AS states,
        (SELECT coalesce(array_agg(DISTINCT test_case_id), '{}') FROM suspects) AS "testCaseIds"
      FROM asked WHERE key IS NOT NULL`,
  );
  if (found === undefined) throw new Error('touched code states gave no row');
  return found;
}

function touchesOf({ organizationId, ids }: Taken, guardChanges: readonly GuardChange[]): Sql {
  const column = <Key extends keyof GuardChange>(key: Key) =>
    guardChanges.map((change) => change[key]);
  return sql`SELECT e.repository_id, r.test_case_id, r.recorded_at, e.code_state
    FROM analytics_events e, unnest(e.test_case_ids, e.recorded_ats) AS r (test_case_id, recorded_at)
    WHERE e.organization_id = ${organizationId}::uuid AND e.id = ANY (${ids}::bigint[])
      AND e.kind IN ('RESULTS', 'CODE_STATES')
    UNION SELECT * FROM unnest(${column('repositoryId')}::uuid[], ${column('testCaseId')}::text[],
      ${column('recordedAt')}::timestamptz[], ${column('codeState')}::text[])`;
}

/** The failures of the default branch nearest to each suspect in time. */
function failuresAbout(organizationId: string): Sql {
  const nearest = (side: Sql, order: Sql): Sql => sql`(SELECT r.test_case_id, r.code_state
    FROM test_results r WHERE r.organization_id = ${organizationId}::uuid AND r.test_case_id = s.test_case_id
      AND ${hasFailed('r')} AND r.guard IS NULL AND r.code_state IS NOT NULL AND ${isOfDefaultBranch('r', 'p')} AND ${side}
    ORDER BY r.recorded_at ${order}, r.id ${order} LIMIT 1)`;
  const span = sql`make_interval(hours => 24 * ${sandwichDays}::int)`;
  const before = sql`r.recorded_at < s.recorded_at AND r.recorded_at >= s.recorded_at - ${span}`;
  const after = sql`r.recorded_at > s.recorded_at AND r.recorded_at <= s.recorded_at + ${span}`;
  return sql`SELECT f.test_case_id, f.code_state FROM suspects s
    JOIN repositories p ON p.organization_id = ${organizationId}::uuid AND p.id = s.repository_id
    CROSS JOIN LATERAL (${nearest(before, sql`DESC`)} UNION ALL ${nearest(after, sql`ASC`)}
      UNION ALL SELECT r.test_case_id, r.code_state FROM test_results r WHERE r.organization_id = ${organizationId}::uuid
        AND r.test_case_id = s.test_case_id AND r.recorded_at = s.recorded_at AND ${hasFailed('r')}) f`;
}

/** All that tests failed on, and all evidence there is of them. */
function allStates({ organizationId, testCaseIds }: Taken): Sql {
  return sql`SELECT r.test_case_id, ${evidenceKey} FROM test_results r
    WHERE r.organization_id = ${organizationId}::uuid AND r.test_case_id = ANY (${testCaseIds}::text[]) AND ${hasFailed('r')}
    UNION SELECT e.test_case_id, e.key FROM flaky_evidence e
    WHERE e.organization_id = ${organizationId}::uuid AND e.test_case_id = ANY (${testCaseIds}::text[])
      AND e.first_at >= ${oldestResult(organizationId)}`;
}
