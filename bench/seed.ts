import type { Database } from '../src/db/client.ts';
import { query, sql } from '../src/db/sql.ts';

/** Fills an organization: 1,000 builds, each with 5 stages and 20 results of 400 tests. */
export async function seed({ pool, partitions }: Database, organizationId: string): Promise<void> {
  await partitions.ensure([new Date(), new Date(Date.now() - 30 * 86_400_000)]);
  await query(
    pool,
    sql`INSERT INTO repositories (organization_id, id, slug, owner, name)
      VALUES (${organizationId}::uuid, gen_random_uuid(), 'acme/widgets', 'acme', 'widgets')`,
  );
  await query(
    pool,
    sql`INSERT INTO builds (organization_id, id, repository_id, job_name, number, status, status_raw,
        duration_ms, started_at, recorded_at, branch, commit_sha)
      SELECT organization_id, gen_random_uuid(), id, 'unit-tests', n, 'SUCCESS', 'success', 60000 + n,
        now() - n * interval '20 minutes', now() - n * interval '20 minutes', 'main', md5(n::text)
      FROM repositories, generate_series(1, 1000) n WHERE organization_id = ${organizationId}::uuid`,
  );
  await query(
    pool,
    sql`INSERT INTO stages (organization_id, build_id, key, repository_id, stage_order, name, status, status_raw,
        duration_ms, recorded_at)
      SELECT organization_id, id, left(md5(n::text), 24), repository_id, n, 'stage ' || n, 'SUCCESS', 'success', 1000 * n, recorded_at
      FROM builds, generate_series(0, 4) n WHERE organization_id = ${organizationId}::uuid`,
  );
  await query(
    pool,
    sql`INSERT INTO test_cases (organization_id, id, repository_id, suite, class_name, name, file, variant, first_seen_at)
      SELECT organization_id, lpad(to_hex(n), 24, '0'), id, 'suite', 'com.acme.WidgetTest',
        'keeps promise number ' || n, 'test/widget.test.ts', '', now()
      FROM repositories, generate_series(0, 399) n WHERE organization_id = ${organizationId}::uuid`,
  );
  await query(
    pool,
    sql`INSERT INTO test_results (organization_id, recorded_at, id, repository_id, test_case_id, build_id,
        attempt, status, status_raw, duration_us, branch, commit_sha, code_state)
      SELECT organization_id, recorded_at,
        lpad(to_hex(extract(epoch FROM recorded_at)::bigint), 8, '0') || left(md5(id::text || n), 16),
        repository_id, lpad(to_hex((number * 20 + n) % 400), 24, '0'), id, 1, 'PASSED', 'passed',
        1000 * n, branch, commit_sha, commit_sha
      FROM builds, generate_series(1, 20) n WHERE organization_id = ${organizationId}::uuid`,
  );
  await query(pool, sql`ANALYZE`);
}
