import { type Queryable, query, sql } from '../db/sql.ts';
import type { ResultParents } from './find-parents.ts';
import type {
  IdentifiedResult,
  IdentifiedResults,
  IdentifiedTestCase,
} from './identify-results.ts';

/** Writes test cases and attempts, one statement each; gives the number of attempts that were new. */
export async function writeTestResults(
  tx: Queryable,
  parents: ResultParents,
  { testCases, results }: IdentifiedResults,
): Promise<number> {
  await writeTestCases(tx, parents, testCases);
  const written = await writeResults(tx, parents, results);
  if (parents.submission !== null && written > 0) {
    await query(
      tx,
      sql`UPDATE submissions SET test_result_count = test_result_count + ${written}
        WHERE organization_id = ${parents.organizationId}::uuid AND id = ${parents.submission.id}`,
    );
  }
  return written;
}

/** Known test cases are not touched unless they are seen earlier than ever: most requests write none. */
async function writeTestCases(
  tx: Queryable,
  { organizationId, repositoryId }: ResultParents,
  testCases: readonly IdentifiedTestCase[],
): Promise<void> {
  await query(
    tx,
    // In the order of their ids, each row locked once: two requests then never wait for each other.
    sql`INSERT INTO test_cases AS t
        (organization_id, id, repository_id, suite, class_name, name, file, variant, first_seen_at)
      SELECT ${organizationId}::uuid, id, ${repositoryId}::uuid, suite, "className", name, file, variant, "firstSeenAt"
      FROM json_to_recordset(${JSON.stringify(testCases)}::json) AS said
        (id text, suite text, "className" text, name text, file text, variant text, "firstSeenAt" timestamptz)
      WHERE NOT EXISTS (
        SELECT FROM test_cases k WHERE k.organization_id = ${organizationId}::uuid AND k.id = said.id
          AND k.first_seen_at <= said."firstSeenAt")
      ORDER BY id
      ON CONFLICT (organization_id, id) DO UPDATE SET first_seen_at = EXCLUDED.first_seen_at
        WHERE t.first_seen_at > EXCLUDED.first_seen_at`,
  );
}

async function writeResults(
  tx: Queryable,
  parents: ResultParents,
  results: readonly IdentifiedResult[],
): Promise<number> {
  const records = results.map(({ id, testCaseId, attempt, recordedAt, result }) => ({
    id,
    t: testCaseId,
    a: attempt,
    at: recordedAt,
    s: result.status,
    w: result.statusRaw ?? result.status,
    d: result.durationUs,
    m: result.message,
    b: result.stackTrace,
  }));
  const [counted] = await query<{ written: bigint }>(
    tx,
    sql`WITH written AS (
        INSERT INTO test_results (organization_id, recorded_at, id, repository_id, test_case_id, build_id,
          submission_id, invocation_id, attempt, status, status_raw, duration_us, message, stack_trace,
          branch, commit_sha, code_state)
        SELECT ${parents.organizationId}::uuid, at, id, ${parents.repositoryId}::uuid, t,
          ${parents.build?.id ?? null}::uuid, ${parents.submission?.id ?? null}::text,
          ${parents.invocation?.id ?? null}::uuid, a, s, w, d, m, b,
          ${parents.branch}::text, ${parents.commitSha}::text, ${parents.codeState}::text
        FROM json_to_recordset(${JSON.stringify(records)}::json) AS said
          (id text, t text, a int, at timestamptz, s test_status, w text, d bigint, m text, b text)
        ON CONFLICT (organization_id, recorded_at, id) DO NOTHING
        RETURNING 1
      ) SELECT count(*) AS written FROM written`,
  );
  return Number(counted?.written ?? 0n);
}
