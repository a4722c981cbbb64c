import type { Database } from '../../src/db/client.ts';

/** Ids as expressions over `n`. */
const repositoryOf = `('00000000-0000-4000-8000-' || lpad((n % 20)::text, 12, '0'))::uuid`;
const buildOf = `md5('build ' || n)::uuid`;

/**
 * Stores 1,000 repositories, 20 of them with 30,000 builds over 300 days up to now, of two jobs, each with two stages, and 300 days of
 * totals of 20 tests: what plans are made for.
 */
export async function storeBuilds({ pool }: Database, organizationId: string): Promise<void> {
  const fill = async (text: string) => {
    await pool.query(text, [organizationId]);
  };
  await fill(`INSERT INTO repositories (organization_id, id, slug, owner, name, default_branch)
    SELECT $1, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'acme/r' || n, 'acme', 'r' || n, 'main'
    FROM generate_series(0, 999) n`);
  await fill(`INSERT INTO builds (organization_id, id, repository_id, job_name, status, status_raw, duration_ms,
      started_at, completed_at, recorded_at, branch, agent_labels)
    SELECT $1, ${buildOf}, ${repositoryOf}, 'job ' || n / 20 % 2,
      (CASE WHEN n / 20 % 7 = 0 THEN 'FAILURE' ELSE 'SUCCESS' END)::build_status, 'raw', n % 600000,
      at, at + interval '5 minutes', at, 'main', '{linux}'
    FROM generate_series(0, 29999) n, LATERAL (SELECT now() - n * interval '300 days' / 30000 AS at) t`);
  await fill(`INSERT INTO stages (organization_id, build_id, key, stage_order, repository_id, name, status, status_raw,
      duration_ms, recorded_at)
    SELECT $1, ${buildOf}, lpad(stage::text, 24, '0'), stage, ${repositoryOf}, 'stage ' || stage, 'SUCCESS', 'raw', 1000,
      now() - n * interval '300 days' / 30000
    FROM generate_series(0, 29999) n, generate_series(0, 1) stage`);
  await fill(`INSERT INTO test_cases (organization_id, id, repository_id, suite, class_name, name, file, variant, first_seen_at)
    SELECT $1, lpad(n::text, 24, '0'), ${repositoryOf}, '', '', 'test ' || n, '', '', now() FROM generate_series(0, 19) n`);
  await fill(`INSERT INTO test_days (organization_id, test_case_id, day, repository_id, passed, failed, errored, skipped,
      other, duration_us, buckets, bucket_counts)
    SELECT $1, lpad((n % 20)::text, 24, '0'), current_date - n / 20, ${repositoryOf}, 10, 0, 0, 0, 0, 1000, '{173}', '{10}'
    FROM generate_series(0, 5999) n`);
  await fill(`INSERT INTO result_quarters (organization_id, repository_id, starts_at, passed, failed, errored, skipped,
      other, duration_us, buckets, bucket_counts)
    SELECT $1, ${repositoryOf}, date_bin('15 minutes', now(), '2001-01-01Z') - n / 20 * interval '4 hours', 10, 0, 0, 0, 0,
      1000, '{173}', '{10}' FROM generate_series(0, 35999) n`);
  await fill(`INSERT INTO runner_prices VALUES ($1, 'linux', 1, 'EUR')`);
}
