import { lockNames } from '../db/lock.ts';
import { type Queryable, query, type Sql, sql } from '../db/sql.ts';
import type { ResultParents } from './find-parents.ts';

/**
 * Keeps `flaky_evidence` and `flaky_tests` true for the tests of one request: a code state in which a
 * test both passed and failed is evidence, whatever came first (Contract: buildpulse.md 6).
 *
 * Requests for one code state pass here one after the other. Else of two at once, one with the failure and
 * one with the pass, neither would see the other's row.
 *
 * @param testCases rows with the `id` of each test
 */
export async function detectFlakyTests(
  tx: Queryable,
  { organizationId, repositoryId, codeState }: ResultParents,
  testCases: Sql,
): Promise<void> {
  if (codeState === null) return;
  await lockNames(tx, [`evidence ${organizationId} ${codeState}`]);
  const suspects = await failedTests(tx, organizationId, codeState, testCases);
  if (suspects.length === 0) return;

  const proven = await writeEvidence(tx, organizationId, codeState, suspects);
  if (proven.length === 0) return;

  // Evidence on two code states at once: the second to come counts both.
  await lockNames(tx, [`flaky tests ${organizationId} ${repositoryId}`]);
  await writeFlakyTests(tx, organizationId, repositoryId, proven);
}

/** Those of the tests that failed on the code state. Failures are rare, so this is mostly the end. */
async function failedTests(
  tx: Queryable,
  organizationId: string,
  codeState: string,
  testCases: Sql,
): Promise<string[]> {
  const failed = await query<{ id: string }>(
    tx,
    sql`SELECT DISTINCT test_case_id AS id FROM test_results
      WHERE organization_id = ${organizationId}::uuid AND code_state = ${codeState}
        AND status IN ('FAILED', 'ERRORED') AND test_case_id IN (SELECT id FROM ${testCases})`,
  );
  return failed.map(({ id }) => id);
}

/** Gives the tests that have evidence on the code state. */
async function writeEvidence(
  tx: Queryable,
  organizationId: string,
  codeState: string,
  testCaseIds: readonly string[],
): Promise<string[]> {
  const written = await query<{ id: string }>(
    tx,
    sql`INSERT INTO flaky_evidence
        (organization_id, test_case_id, code_state, passed_count, failed_count, first_at, last_at)
      SELECT ${organizationId}::uuid, test_case_id, ${codeState},
        count(*) FILTER (WHERE status = 'PASSED'), count(*) FILTER (WHERE status <> 'PASSED'),
        min(recorded_at), max(recorded_at)
      FROM test_results
      WHERE organization_id = ${organizationId}::uuid AND code_state = ${codeState}
        AND test_case_id = ANY (${testCaseIds}::text[]) AND status IN ('PASSED', 'FAILED', 'ERRORED')
      GROUP BY test_case_id
      HAVING count(*) FILTER (WHERE status = 'PASSED') > 0 AND count(*) FILTER (WHERE status <> 'PASSED') > 0
      ORDER BY test_case_id
      ON CONFLICT (organization_id, test_case_id, code_state) DO UPDATE SET
        passed_count = EXCLUDED.passed_count, failed_count = EXCLUDED.failed_count,
        first_at = EXCLUDED.first_at, last_at = EXCLUDED.last_at
      RETURNING test_case_id AS id`,
  );
  return written.map(({ id }) => id);
}

async function writeFlakyTests(
  tx: Queryable,
  organizationId: string,
  repositoryId: string,
  testCaseIds: readonly string[],
): Promise<void> {
  await query(
    tx,
    sql`INSERT INTO flaky_tests AS f (organization_id, test_case_id, repository_id, state, evidence_count,
        first_evidence_at, last_evidence_at)
      SELECT ${organizationId}::uuid, test_case_id, ${repositoryId}::uuid, 'FLAKY', count(*), min(first_at), max(last_at)
      FROM flaky_evidence
      WHERE organization_id = ${organizationId}::uuid AND test_case_id = ANY (${testCaseIds}::text[])
      GROUP BY test_case_id
      ORDER BY test_case_id
      ON CONFLICT (organization_id, test_case_id) DO UPDATE SET
        evidence_count = EXCLUDED.evidence_count, first_evidence_at = EXCLUDED.first_evidence_at,
        last_evidence_at = EXCLUDED.last_evidence_at`,
  );
}
