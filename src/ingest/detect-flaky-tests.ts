import { lockNames } from '../db/lock.ts';
import { type Queryable, query, type Sql, sql } from '../db/sql.ts';
import type { ResultParents } from './find-parents.ts';
import { evidenceLock, flakyTestsLock } from './lock-order.ts';

/**
 * Keeps `flaky_evidence` and `flaky_tests` true after results were added: a code state in which a test both
 * passed and failed is evidence, whatever came first (Contract: buildpulse.md 6).
 *
 * Requests for one code state pass here one after the other. Else of two at once, one with the failure and
 * one with the pass, neither would see the other's row.
 *
 * @param testCases rows `said` with the `id` of each test
 */
export async function detectFlakyTests(
  tx: Queryable,
  { organizationId, repositoryId, codeState }: ResultParents,
  testCases: Sql,
): Promise<void> {
  if (codeState === null) return;
  await lockNames(tx, [evidenceLock(organizationId, codeState)]);
  const suspects = await failedTests(tx, organizationId, codeState, testCases);
  if (suspects.length === 0) return;

  // Constants, not a join: the index of the code state is then asked for these tests alone.
  const rows = sql`test_results r WHERE r.code_state = ${codeState} AND r.test_case_id = ANY (${suspects}::text[])`;
  const proven = await query<Judged>(
    tx,
    sql`WITH counted AS (${countedIn(organizationId, rows)}) ${writeEvidence(organizationId)}`,
  );
  await writeFlakyTests(tx, organizationId, [repositoryId], proven);
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
    // First the failures of the state, whatever the plan: of a large upload the tests are the larger side.
    sql`WITH failed AS MATERIALIZED (
        SELECT DISTINCT test_case_id AS id FROM test_results
        WHERE organization_id = ${organizationId}::uuid AND code_state = ${codeState}
          AND status IN ('FAILED', 'ERRORED'))
      SELECT id FROM failed WHERE id IN (SELECT id FROM ${testCases})`,
  );
  return failed.map(({ id }) => id);
}

/** Tests with results that came to a code state, or went from it. */
export interface ChangedState {
  readonly repositoryId: string;
  readonly codeState: string;
  readonly testCaseIds: readonly string[];
}

/** Judges the tests anew on these code states, after results changed: evidence that no longer holds goes. */
export async function judgeStates(
  tx: Queryable,
  organizationId: string,
  changed: readonly ChangedState[],
): Promise<void> {
  if (changed.length === 0) return;
  await lockNames(
    tx,
    changed.map(({ codeState }) => evidenceLock(organizationId, codeState)),
  );
  const pairs = changed.flatMap(({ codeState, testCaseIds }) =>
    testCaseIds.map((id) => ({ codeState, id })),
  );
  const states = pairs.map(({ codeState }) => codeState);
  const ids = pairs.map(({ id }) => id);
  const asked = sql`(SELECT DISTINCT code_state, id
    FROM unnest(${states}::text[], ${ids}::text[]) AS pair (code_state, id)) asked`;
  const repositoryIds = changed.map(({ repositoryId }) => repositoryId);
  await writeFlakyTests(tx, organizationId, repositoryIds, await judge(tx, organizationId, asked));
}

/**
 * Judges the tests anew on every code state they have failures or evidence on. The caller holds the lock of the
 * repository's identities alone: nobody else writes results of these tests.
 */
export async function judgeTests(
  tx: Queryable,
  { organizationId, repositoryId }: Pick<ResultParents, 'organizationId' | 'repositoryId'>,
  testCaseIds: readonly string[],
): Promise<void> {
  const ofThese = sql`organization_id = ${organizationId}::uuid AND test_case_id = ANY (${testCaseIds}::text[])`;
  const asked = sql`(SELECT code_state, test_case_id AS id FROM test_results
    WHERE ${ofThese} AND code_state IS NOT NULL AND status IN ('FAILED', 'ERRORED')
    UNION SELECT code_state, test_case_id FROM flaky_evidence WHERE ${ofThese}) asked`;
  await writeFlakyTests(tx, organizationId, [repositoryId], await judge(tx, organizationId, asked));
}

interface Judged {
  readonly id: string;
}

/** Gives the tests whose evidence was written or went. */
function judge(tx: Queryable, organizationId: string, asked: Sql): Promise<Judged[]> {
  const ofSuspects = sql`suspects s JOIN test_results r ON r.code_state = s.code_state AND r.test_case_id = s.id
    WHERE true`;
  return query<Judged>(
    tx,
    sql`WITH asked AS MATERIALIZED (SELECT * FROM ${asked}),
      suspects AS MATERIALIZED (SELECT DISTINCT asked.code_state, asked.id
        FROM asked JOIN test_results r ON r.code_state = asked.code_state AND r.test_case_id = asked.id
        WHERE r.organization_id = ${organizationId}::uuid AND r.status IN ('FAILED', 'ERRORED')),
      counted AS MATERIALIZED (${countedIn(organizationId, ofSuspects)}),
      gone AS (DELETE FROM flaky_evidence e USING asked
        WHERE e.organization_id = ${organizationId}::uuid AND e.code_state = asked.code_state
          AND e.test_case_id = asked.id AND NOT EXISTS (SELECT FROM counted c
            WHERE c.code_state = asked.code_state AND c.test_case_id = asked.id)
        RETURNING e.test_case_id AS id),
      proven AS (${writeEvidence(organizationId)})
      SELECT id FROM gone UNION SELECT id FROM proven`,
  );
}

/**
 * Passes and failures of each test on each code state that has both.
 *
 * @param rows where the results `r` come from, and a condition
 */
function countedIn(organizationId: string, rows: Sql): Sql {
  return sql`SELECT r.code_state, r.test_case_id,
      count(*) FILTER (WHERE r.status = 'PASSED') AS passed, count(*) FILTER (WHERE r.status <> 'PASSED') AS failed,
      min(r.recorded_at) AS first_at, max(r.recorded_at) AS last_at
    FROM ${rows} AND r.organization_id = ${organizationId}::uuid AND r.status IN ('PASSED', 'FAILED', 'ERRORED')
    GROUP BY r.code_state, r.test_case_id
    HAVING count(*) FILTER (WHERE r.status = 'PASSED') > 0 AND count(*) FILTER (WHERE r.status <> 'PASSED') > 0`;
}

/** Writes what was counted; gives the tests. */
function writeEvidence(organizationId: string): Sql {
  return sql`INSERT INTO flaky_evidence
      (organization_id, test_case_id, code_state, passed_count, failed_count, first_at, last_at)
    SELECT ${organizationId}::uuid, test_case_id, code_state, passed, failed, first_at, last_at
    FROM counted ORDER BY code_state, test_case_id
    ON CONFLICT (organization_id, test_case_id, code_state) DO UPDATE SET
      passed_count = EXCLUDED.passed_count, failed_count = EXCLUDED.failed_count,
      first_at = EXCLUDED.first_at, last_at = EXCLUDED.last_at
    RETURNING test_case_id AS id`;
}

/** A test without evidence is no flaky test. */
async function writeFlakyTests(
  tx: Queryable,
  organizationId: string,
  repositoryIds: readonly string[],
  judged: readonly Judged[],
): Promise<void> {
  if (judged.length === 0) return;
  const ids = [...new Set(judged.map(({ id }) => id))];
  // Evidence on two code states at once: the second to come counts both.
  await lockNames(
    tx,
    repositoryIds.map((repositoryId) => flakyTestsLock(organizationId, repositoryId)),
  );
  await query(
    tx,
    sql`WITH summed AS MATERIALIZED (
        SELECT test_case_id, count(*) AS states, min(first_at) AS first_at, max(last_at) AS last_at
        FROM flaky_evidence
        WHERE organization_id = ${organizationId}::uuid AND test_case_id = ANY (${ids}::text[])
        GROUP BY test_case_id),
      gone AS (DELETE FROM flaky_tests
        WHERE organization_id = ${organizationId}::uuid AND test_case_id = ANY (${ids}::text[])
          AND test_case_id NOT IN (SELECT test_case_id FROM summed))
      INSERT INTO flaky_tests (organization_id, test_case_id, repository_id, state, evidence_count,
        first_evidence_at, last_evidence_at)
      SELECT ${organizationId}::uuid, s.test_case_id, c.repository_id, 'FLAKY', s.states, s.first_at, s.last_at
      FROM summed s JOIN test_cases c ON c.organization_id = ${organizationId}::uuid AND c.id = s.test_case_id
      ORDER BY s.test_case_id
      ON CONFLICT (organization_id, test_case_id) DO UPDATE SET
        evidence_count = EXCLUDED.evidence_count, first_evidence_at = EXCLUDED.first_evidence_at,
        last_evidence_at = EXCLUDED.last_evidence_at`,
  );
}
