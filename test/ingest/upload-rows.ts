import { analyse } from '../support/analyse.ts';
import { analyticsEngine } from '../../src/jobs/analytics-engine.ts';
import type { TestGateway } from '../support/start-gateway.ts';

const statements = {
  testCases: `SELECT suite, class_name, name, file, variant, first_seen_at FROM test_cases WHERE organization_id = $1`,
  results: `SELECT suite, class_name, name, file, variant, r.attempt, r.status, r.status_raw, r.duration_us, r.message,
      r.stack_trace, r.failure_type, r.output, r.line, r.properties, r.recorded_at, r.branch, r.commit_sha, r.code_state, b.number
    FROM test_results r JOIN test_cases t ON t.organization_id = $1 AND t.id = r.test_case_id
    LEFT JOIN builds b ON b.organization_id = $1 AND b.id = r.build_id WHERE r.organization_id = $1`,
  evidence: `SELECT suite, class_name, name, variant, code_state, passed_count, failed_count, first_at, last_at
    FROM flaky_evidence e JOIN test_cases t ON t.organization_id = $1 AND t.id = e.test_case_id WHERE e.organization_id = $1`,
  flakyTests: `SELECT suite, class_name, name, variant, state, evidence_count, first_evidence_at, last_evidence_at
    FROM flaky_tests f JOIN test_cases t ON t.organization_id = $1 AND t.id = f.test_case_id WHERE f.organization_id = $1`,
} as const;

/** What is stored of uploaded results, sorted; without ids, and without what brought it. */
export async function rowsOfResults(
  { db }: Pick<TestGateway, 'db'>,
  organizationId: string,
): Promise<Record<keyof typeof statements, string[]>> {
  const sorted = async (statement: string): Promise<string[]> => {
    const { rows } = await db.pool.query<{ row: string }>(
      `SELECT row_to_json(rows)::text AS row FROM (${statement}) rows`,
      [organizationId],
    );
    return rows.map(({ row }) => row).sort();
  };
  await analyse(analyticsEngine(db, () => new Date()));
  return {
    testCases: await sorted(statements.testCases),
    results: await sorted(statements.results),
    evidence: await sorted(statements.evidence),
    flakyTests: await sorted(statements.flakyTests),
  };
}

/** Results that the submissions say they brought. */
export async function countedResults(
  { db }: Pick<TestGateway, 'db'>,
  organizationId: string,
): Promise<number> {
  const { rows } = await db.pool.query<{ count: bigint }>(
    'SELECT coalesce(sum(test_result_count), 0)::int AS count FROM submissions WHERE organization_id = $1',
    [organizationId],
  );
  return Number(rows[0]?.count);
}
