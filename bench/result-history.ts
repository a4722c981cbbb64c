import type { Database } from '../src/db/client.ts';
import { query, sql } from '../src/db/sql.ts';

const days = 90;
const tests = 5_000;
/** A run holds a fifth of the tests. */
const testsOfRun = 1_000;

/**
 * Adds results of 5,000 tests over 90 days up to now, set-based, of pushes that come by chance between 8 and 18 o'clock
 * (UTC) and begin five jobs each: runs of 1,000 tests each, one test in ten
 * of which fails one time in 20 and passes when it is retried, and one build in 20 fails.
 *
 * @param runs how many runs; a result each but for retries
 * @param part tells the runs of one call from those of another
 */
export async function addHistory(
  { pool, partitions }: Database,
  organizationId: string,
  { runs, part }: { readonly runs: number; readonly part: string },
): Promise<void> {
  const now = Date.now();
  await partitions.ensure(
    Array.from({ length: days + 1 }, (_, day) => new Date(now - day * 86_400_000)),
  );
  await query(
    pool,
    sql`INSERT INTO repositories (organization_id, id, slug, owner, name, default_branch)
      VALUES (${organizationId}::uuid, gen_random_uuid(), 'acme/history', 'acme', 'history', 'main')
      ON CONFLICT DO NOTHING`,
  );
  await query(
    pool,
    sql`INSERT INTO test_cases (organization_id, id, repository_id, suite, class_name, name, file, variant, first_seen_at)
      SELECT organization_id, 'bbbb' || lpad(to_hex(n), 20, '0'), id, 'suite ' || n % 50, 'com.acme.HistoryTest',
        'keeps promise number ' || n, 'test/history.test.ts', '', now() - make_interval(days => ${days}::int)
      FROM repositories, generate_series(0, ${tests}::int - 1) n
      WHERE organization_id = ${organizationId}::uuid AND slug = 'acme/history' ON CONFLICT DO NOTHING`,
  );
  const step = 100;
  for (let run = 0; run < runs; run += step) {
    await addRuns(pool, organizationId, { part, from: run, to: Math.min(run + step, runs), runs });
    if (run % 1_000 === 0) console.log(`history: ${String(run)} of ${String(runs)} runs`);
  }
  await query(pool, sql`ANALYZE test_results, builds, test_cases`);
}

interface Runs {
  readonly part: string;
  readonly from: number;
  readonly to: number;
  readonly runs: number;
}

async function addRuns(
  pool: Database['pool'],
  organizationId: string,
  { part, from, to, runs }: Runs,
): Promise<void> {
  await query(
    pool,
    sql`WITH made AS (
        INSERT INTO builds (organization_id, id, repository_id, job_name, number, status, status_raw, duration_ms,
          started_at, recorded_at, branch, commit_sha, tree_sha)
        SELECT organization_id, gen_random_uuid(), id, 'job ' || n % 5, n,
          CASE n / 5 % 20 WHEN 7 THEN 'FAILURE'::build_status ELSE 'SUCCESS' END, 'ended', 60000 + n % 977 * 100,
          at, at, 'main', md5(${part} || n), md5(${part} || n)
        FROM repositories, generate_series(${from}::int, ${to}::int - 1) n, LATERAL (
          SELECT date_trunc('milliseconds', least(now(), date_trunc('day', now()) + interval '8 hours'
            - make_interval(days => n * ${days}::int / ${runs}::int)
            + make_interval(secs => (hashint8(n / 5)::bigint & 1048575) / 1048576.0 * 36000)))) t (at)
        WHERE organization_id = ${organizationId}::uuid AND slug = 'acme/history'
        RETURNING organization_id, id, repository_id, number, recorded_at, branch, commit_sha, tree_sha),
      told AS (
        SELECT made.*, (number::int % 5) + test * 5 AS n, hashint8(number * 7919 + test) % 20 = 0 AND test % 10 = 0 AS failed
        FROM made, generate_series(0, ${testsOfRun}::int - 1) test),
      attempts AS (
        SELECT *, 1 AS attempt, CASE WHEN failed THEN 'FAILED' ELSE 'PASSED' END AS outcome FROM told
        UNION ALL SELECT *, 2, 'PASSED' FROM told WHERE failed)
      INSERT INTO test_results (organization_id, recorded_at, id, repository_id, test_case_id, build_id, attempt, status,
        status_raw, duration_us, branch, commit_sha, code_state)
      SELECT organization_id, recorded_at,
        lpad(to_hex(extract(epoch FROM recorded_at)::bigint), 8, '0') || left(md5(id::text || n || '.' || attempt), 16),
        repository_id, 'bbbb' || lpad(to_hex(n), 20, '0'), id, attempt, outcome::test_status, outcome,
        1000 + (hashint8(number * 31 + n)::bigint & 262143), branch, commit_sha, tree_sha
      FROM attempts`,
  );
}
