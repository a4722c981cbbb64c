import { hasOutcome, isOfDefaultBranch } from '../db/outcome-rules.ts';
import { type Queryable, query, type Sql, sql, verbatim } from '../db/sql.ts';
import { type AskedState, evidenceKey, sandwichDays } from './touched-states.ts';

/** States asked in one statement: bounds what Postgres sorts at once. */
const mostAtOnce = 5_000;

/**
 * Judges tests anew on code states (Contract: buildpulse.md 6): a state on which a test both passed and failed is
 * evidence; so is a single failure on the default branch, alone on its state, between two passes at most 14 days away.
 * Results under a guard count for nothing. What no longer holds goes.
 */
export async function writeEvidence(
  tx: Queryable,
  organizationId: string,
  states: readonly AskedState[],
): Promise<void> {
  for (let start = 0; start < states.length; start += mostAtOnce) {
    await write(tx, organizationId, states.slice(start, start + mostAtOnce));
  }
}

async function write(
  tx: Queryable,
  organizationId: string,
  states: readonly AskedState[],
): Promise<void> {
  const asked = sql`SELECT * FROM unnest(${states.map(({ testCaseId }) => testCaseId)}::text[],
    ${states.map(({ key }) => key)}::text[]) AS asked (test_case_id, key)`;
  // First, since a failure may have gone from one of these states to another.
  await query(
    tx,
    sql`DELETE FROM disruptions d USING (${asked}) asked WHERE d.organization_id = ${organizationId}::uuid
      AND d.test_case_id = asked.test_case_id AND d.evidence_key = asked.key`,
  );
  await query(
    tx,
    sql`WITH asked AS MATERIALIZED (${asked}),
      results AS MATERIALIZED (${resultsOf(organizationId)}),
      counted AS (${counted}),
      evidence AS MATERIALIZED (${proofs} UNION ALL ${sandwiches(organizationId)}),
      gone AS (DELETE FROM flaky_evidence e USING asked WHERE e.organization_id = ${organizationId}::uuid
        AND e.test_case_id = asked.test_case_id AND e.key = asked.key
        AND NOT EXISTS (SELECT FROM evidence n WHERE n.test_case_id = e.test_case_id AND n.key = e.key)),
      kept AS (
        INSERT INTO flaky_evidence (organization_id, test_case_id, key, kind, code_state, passed_count, failed_count,
          first_at, last_at, last_failed_at, passed_result_id, failed_result_id)
        SELECT ${organizationId}::uuid, test_case_id, key, kind, code_state, passed, failed, first_at, last_at,
          last_failed_at, passed_result_id, failed_result_id FROM evidence ORDER BY test_case_id, key
        ON CONFLICT (organization_id, test_case_id, key) DO UPDATE SET kind = EXCLUDED.kind,
          code_state = EXCLUDED.code_state, passed_count = EXCLUDED.passed_count, failed_count = EXCLUDED.failed_count,
          first_at = EXCLUDED.first_at, last_at = EXCLUDED.last_at,
          last_failed_at = EXCLUDED.last_failed_at, passed_result_id = EXCLUDED.passed_result_id,
          failed_result_id = EXCLUDED.failed_result_id)
      INSERT INTO disruptions (organization_id, test_case_id, recorded_at, result_id, repository_id, evidence_key, kind,
        build_id, submission_id, commit_sha)
      SELECT ${organizationId}::uuid, r.test_case_id, r.recorded_at, r.id, r.repository_id, r.key, e.kind, r.build_id,
        r.submission_id, r.commit_sha
      FROM evidence e JOIN results r USING (test_case_id, key) WHERE NOT r.passed
      ON CONFLICT (organization_id, test_case_id, recorded_at, result_id) DO UPDATE SET
        evidence_key = EXCLUDED.evidence_key, kind = EXCLUDED.kind`,
  );
}

/** Results that count on the states asked for: a select. */
function resultsOf(organizationId: string): Sql {
  const select = sql`SELECT r.test_case_id, ${evidenceKey} AS key, coalesce(r.code_state, '') AS code_state, r.recorded_at,
      r.attempt, r.id, r.repository_id, r.build_id, r.submission_id, r.commit_sha, r.branch, r.status = 'PASSED' AS passed,
      coalesce(r.build_id::text, r.submission_id, r.invocation_id::text) AS run
    FROM asked JOIN test_results r ON r.test_case_id = asked.test_case_id`;
  const counts = sql`r.organization_id = ${organizationId}::uuid AND r.guard IS NULL
    AND ${hasOutcome('r')}`;
  return sql`${select} AND r.code_state = asked.key WHERE ${counts}
    UNION ALL ${select} AND r.code_state IS NULL AND ${evidenceKey} = asked.key
      WHERE asked.key LIKE 'run %' AND ${counts}`;
}

const counted = verbatim(`SELECT test_case_id, key, code_state, bool_or(is_retry) AS is_retry,
    count(*) FILTER (WHERE passed) AS passed, count(*) FILTER (WHERE NOT passed) AS failed,
    min(recorded_at) AS first_at, max(recorded_at) AS last_at,
    max(recorded_at) FILTER (WHERE NOT passed) AS last_failed_at,
    (array_agg(id ORDER BY recorded_at DESC, id DESC) FILTER (WHERE passed))[1] AS passed_result_id,
    (array_agg(id ORDER BY recorded_at DESC, id DESC) FILTER (WHERE NOT passed))[1] AS failed_result_id
  FROM (SELECT *, bool_or(passed) OVER run AND NOT bool_and(passed) OVER run AS is_retry FROM results
    WINDOW run AS (PARTITION BY test_case_id, key, run)) told
  GROUP BY test_case_id, key, code_state`);

const proofs = verbatim(`SELECT test_case_id, key,
    (CASE WHEN is_retry THEN 'IN_RUN_RETRY' ELSE 'SAME_CODE_STATE' END)::evidence_kind AS kind, code_state,
    passed, failed, first_at, last_at, last_failed_at, passed_result_id, failed_result_id
  FROM counted WHERE passed > 0 AND failed > 0`);

/** The results just before and after a lone failure both passed. */
function sandwiches(organizationId: string): Sql {
  const neighbour = (
    side: Sql,
    order: Sql,
  ): Sql => sql`LATERAL (SELECT r.id, r.status FROM test_results r
    WHERE r.organization_id = ${organizationId}::uuid AND r.test_case_id = f.test_case_id AND r.branch = f.branch
      AND r.guard IS NULL AND r.code_state IS NOT NULL AND ${hasOutcome('r')} AND ${side}
    ORDER BY r.recorded_at ${order}, r.attempt ${order}, r.id ${order} LIMIT 1)`;
  const before = sql`(r.recorded_at, r.attempt, r.id) < (f.recorded_at, f.attempt, f.id)
    AND r.recorded_at >= f.recorded_at - make_interval(hours => 24 * ${sandwichDays}::int)`;
  const after = sql`(r.recorded_at, r.attempt, r.id) > (f.recorded_at, f.attempt, f.id)
    AND r.recorded_at <= f.recorded_at + make_interval(hours => 24 * ${sandwichDays}::int)`;
  return sql`SELECT c.test_case_id, c.key, 'SANDWICH'::evidence_kind, c.code_state, c.passed, c.failed, c.first_at, c.last_at,
      c.last_failed_at, a.id, c.failed_result_id
    FROM counted c JOIN results f ON f.test_case_id = c.test_case_id AND f.key = c.key
    JOIN repositories p ON p.organization_id = ${organizationId}::uuid AND p.id = f.repository_id
      AND ${isOfDefaultBranch('f', 'p')}
    CROSS JOIN ${neighbour(before, sql`DESC`)} a CROSS JOIN ${neighbour(after, sql`ASC`)} b
    WHERE c.passed = 0 AND c.failed = 1 AND c.code_state <> '' AND a.status = 'PASSED' AND b.status = 'PASSED'`;
}
