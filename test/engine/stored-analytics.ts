import type { Database } from '../../src/db/client.ts';

const statements = {
  evidence: `SELECT c.name AS test, coalesce('run ' || b.job_name, e.key) AS key, e.kind::text,
      e.passed_count AS passed, e.failed_count AS failed, e.first_at AS "firstAt", e.last_at AS "lastAt",
      e.last_failed_at AS "lastFailedAt"
    FROM flaky_evidence e JOIN test_cases c ON c.organization_id = $1 AND c.id = e.test_case_id
    LEFT JOIN builds b ON b.organization_id = $1 AND e.key = 'run ' || b.id WHERE e.organization_id = $1`,
  disruptions: `SELECT c.name AS test, d.recorded_at AS at
    FROM disruptions d JOIN test_cases c ON c.organization_id = $1 AND c.id = d.test_case_id WHERE d.organization_id = $1`,
  states: `SELECT c.name AS test, f.state::text, f.disruptor_type::text AS disruptor, f.evidence_count AS count
    FROM flaky_tests f JOIN test_cases c ON c.organization_id = $1 AND c.id = f.test_case_id WHERE f.organization_id = $1`,
  details: `SELECT * FROM flaky_tests WHERE organization_id = $1`,
  links: `SELECT * FROM flaky_evidence WHERE organization_id = $1`,
  days: `SELECT c.name || ' ' || d.day AS key, d.passed, d.failed, d.errored, d.skipped, d.transitions,
      d.first_passed AS "firstPassed", d.last_passed AS "lastPassed"
    FROM test_days d JOIN test_cases c ON c.organization_id = $1 AND c.id = d.test_case_id WHERE d.organization_id = $1`,
  histograms: `SELECT test_case_id, day, duration_us, buckets, bucket_counts FROM test_days WHERE organization_id = $1`,
  quarters: `SELECT * FROM result_quarters WHERE organization_id = $1`,
  outages: `SELECT b.job_name AS build, o.suite, o.failed_count AS failing, o.test_count AS tests, o.is_outage AS "isOutage"
    FROM suite_outages o JOIN builds b ON b.organization_id = $1 AND o.upload = 'build ' || b.id WHERE o.organization_id = $1`,
  guards: `SELECT recorded_at, guard FROM test_results WHERE organization_id = $1 AND guard IS NOT NULL`,
} as const;

export type StoredAnalytics = Record<keyof typeof statements, readonly Record<string, unknown>[]>;

/** Everything that the analytics holds of an organization, with instants as text, sorted. */
export async function storedAnalytics(
  { pool }: Pick<Database, 'pool'>,
  organizationId: string,
): Promise<StoredAnalytics> {
  const stored: Record<string, readonly Record<string, unknown>[]> = {};
  for (const [name, statement] of Object.entries(statements)) {
    const { rows } = await pool.query<{ rows: Record<string, unknown>[] | null }>(
      `SELECT json_agg(to_jsonb(t) ORDER BY to_jsonb(t)::text COLLATE "C") AS rows FROM (${statement}) t`,
      [organizationId],
    );
    stored[name] = (rows[0]?.rows ?? []).map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)])),
    );
  }
  return stored as StoredAnalytics; // its keys are those of the statements
}

function plain(value: unknown): unknown {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
    ? new Date(value).toISOString()
    : value;
}
