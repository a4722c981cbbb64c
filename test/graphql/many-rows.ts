import type { Database } from '../../src/db/client.ts';

/** How many rows of each table; a parent in a nested list has some hundred children. */
const makers: readonly string[] = [
  `INSERT INTO repositories (organization_id, id, slug, owner, name, created_at)
   SELECT $1, md5('repository' || i)::uuid, 'acme/r' || i, 'acme', 'r' || i, now() - i * interval '1 minute'
   FROM generate_series(0, 1999) i`,
  `INSERT INTO builds (organization_id, id, repository_id, job_name, number, status, status_raw, duration_ms, started_at, recorded_at, branch)
   SELECT $1, md5('build' || i)::uuid, md5('repository' || i % 50)::uuid, 'job' || i % 12, i, 'SUCCESS', 'ok',
     (i * 7919) % 100000, now() - i * interval '3 minutes', now() - i * interval '3 minutes', 'main'
   FROM generate_series(0, 19999) i`,
  `INSERT INTO build_logs (organization_id, build_id, blob_key, size_bytes, line_count)
   SELECT $1, md5('build' || i)::uuid, 'log' || i, 1, 1 FROM generate_series(0, 19999) i`,
  `INSERT INTO build_log_sections (organization_id, build_id, position, name, byte_offset, line_number, size_bytes)
   SELECT $1, md5('build' || i % 50)::uuid, i / 50, 'section' || i, i, i, 1 FROM generate_series(0, 9999) i`,
  `INSERT INTO stages (organization_id, build_id, key, stage_order, repository_id, name, status, status_raw, duration_ms, recorded_at)
   SELECT $1, md5('build' || i % 20000)::uuid, left(md5('stage' || i), 24), i / 20000, md5('repository' || i % 50)::uuid, 'stage', 'SUCCESS', 'ok',
     (i * 7919) % 100000, now() - (i % 20000) * interval '3 minutes'
   FROM generate_series(0, 39999) i`,
  `INSERT INTO submissions (organization_id, id, repository_id, build_id, key, status, test_result_count, recorded_at)
   SELECT $1, left(md5('submission' || i), 24), md5('repository' || i % 50)::uuid, md5('build' || i % 50)::uuid,
     'key' || i, 'PROCESSED', (i * 7919) % 1000, now() - i * interval '3 minutes'
   FROM generate_series(0, 9999) i`,
  `INSERT INTO invocations (organization_id, id, repository_id, status, duration_us, recorded_at)
   SELECT $1, md5('invocation' || i)::uuid, md5('repository' || i % 50)::uuid, 'COMPLETE',
     (i * 7919) % 100000, now() - i * interval '3 minutes'
   FROM generate_series(0, 9999) i`,
  `INSERT INTO targets (organization_id, invocation_id, label, status)
   SELECT $1, md5('invocation' || i % 50)::uuid, '//app:' || i, 'PASSED' FROM generate_series(0, 9999) i`,
  `INSERT INTO test_cases (organization_id, id, repository_id, suite, class_name, name, file, variant, first_seen_at)
   SELECT $1, left(md5('case' || i), 24), md5('repository' || i % 50)::uuid, 'suite', 'Class', 'test ' || (i * 7919) % 10000, '', '',
     now() - i * interval '3 minutes'
   FROM generate_series(0, 9999) i`,
  `INSERT INTO test_case_aliases (organization_id, alias_id, test_case_id, created_at)
   SELECT $1, left(md5('case' || i), 24), left(md5('case' || i % 500), 24), now() - i * interval '3 minutes'
   FROM generate_series(500, 9999) i`,
  // Fifty of each parent have a thousand results each, over three months.
  `INSERT INTO test_results (organization_id, recorded_at, id, repository_id, test_case_id, build_id, submission_id, invocation_id,
     attempt, status, status_raw, duration_us)
   SELECT $1, now() - i * interval '2 minutes', left(md5('result' || i), 24), md5('repository' || i % 50)::uuid,
     left(md5('case' || i % 50), 24), md5('build' || i % 50)::uuid, left(md5('submission' || i % 50), 24),
     md5('invocation' || i % 50)::uuid, 1, 'PASSED', 'ok', (i * 7919) % 100000
   FROM generate_series(0, 49999) i`,
  `INSERT INTO flaky_tests (organization_id, test_case_id, repository_id, state, state_since, evidence_count, first_evidence_at, last_evidence_at)
   SELECT $1, left(md5('case' || i), 24), md5('repository' || i % 50)::uuid, 'FLAKY', now(), 1 + (i * 7919) % 100,
     now() - interval '9 years', now() - i * interval '3 minutes'
   FROM generate_series(0, 4999) i`,
  `INSERT INTO flaky_evidence (organization_id, test_case_id, key, kind, code_state, passed_count, failed_count, first_at, last_at,
     last_failed_at, passed_result_id, failed_result_id)
   SELECT $1, left(md5('case' || i % 50), 24), md5('code' || i), 'SAME_CODE_STATE', md5('code' || i), 1, 1,
     now() - interval '9 years', now() - i * interval '3 minutes', now() - i * interval '3 minutes',
     left(md5('result' || i), 24), left(md5('result' || i + 1), 24)
   FROM generate_series(0, 9999) i`,
  `INSERT INTO disruptions (organization_id, test_case_id, recorded_at, result_id, repository_id, evidence_key, kind, build_id)
   SELECT $1, left(md5('case' || i % 50), 24), now() - i * interval '3 minutes', left(md5('result' || i), 24),
     md5('repository' || i % 50)::uuid, md5('code' || i), 'SAME_CODE_STATE', md5('build' || i % 50)::uuid
   FROM generate_series(0, 9999) i`,
  `INSERT INTO flaky_transitions (organization_id, id, test_case_id, repository_id, at, since, before, after, rule)
   SELECT $1, md5('transition' || i)::uuid, left(md5('case' || i % 50), 24), md5('repository' || i % 50)::uuid,
     now() - i * interval '3 minutes', now(), 'HEALTHY', 'FLAKY', 'EVIDENCE'
   FROM generate_series(0, 9999) i`,
  `INSERT INTO quarantines (organization_id, test_case_id, repository_id, mode, since)
   SELECT $1, left(md5('case' || i), 24), md5('repository' || i % 50)::uuid, 'MUTE', now() - i * interval '3 minutes'
   FROM generate_series(0, 9999) i`,
  `INSERT INTO quarantine_events (organization_id, id, test_case_id, repository_id, at, change, after_mode)
   SELECT $1, md5('quarantine event' || i)::uuid, left(md5('case' || i % 50), 24), md5('repository' || i % 50)::uuid,
     now() - i * interval '3 minutes', 'CREATED', 'MUTE'
   FROM generate_series(0, 9999) i`,
  `INSERT INTO fix_attempts (organization_id, test_case_id, commit_sha, attempted_at, actor)
   SELECT $1, left(md5('case' || i), 24), 'c0ffee', now(), 'key' FROM generate_series(0, 9999) i`,
  `INSERT INTO test_tags (organization_id, test_case_id, key, tag, actor, tagged_at)
   SELECT $1, left(md5('case' || i % 10000), 24), 'tag' || i / 10000, 'tag' || i / 10000, 'key', now() FROM generate_series(0, 19999) i`,
  `INSERT INTO test_owners (organization_id, test_case_id, key, owner, position)
   SELECT $1, left(md5('case' || i % 10000), 24), '@team' || i % 97, '@team' || i % 97, 0 FROM generate_series(0, 19999) i
   ON CONFLICT DO NOTHING`,
  `INSERT INTO codeowners_files (organization_id, digest, dialect, content, rule_count, problems, problem_count)
   SELECT $1, sha256(i::text::bytea), 'GITHUB', '* @team' || i, 1, '[]', 0 FROM generate_series(0, 999) i`,
  `INSERT INTO codeowners_versions (organization_id, id, repository_id, commit_sha, digest, recorded_at)
   SELECT $1, md5('codeowners' || i)::uuid, md5('repository' || i % 50)::uuid, 'c' || i, sha256((i % 1000)::text::bytea),
     now() - i * interval '3 minutes'
   FROM generate_series(0, 9999) i`,
  `INSERT INTO excluded_results (organization_id, result_id, recorded_at, reason, actor, excluded_at)
   SELECT $1, left(md5('result' || i), 24), now(), 'reason', 'key', now() FROM generate_series(0, 9999) i`,
  `INSERT INTO agents (organization_id, id, instance, name, status, status_raw, last_seen_at)
   SELECT $1, md5('agent' || i)::uuid, 'ci', 'agent' || i, 'ONLINE', 'ok', now() - i * interval '3 minutes'
   FROM generate_series(0, 4999) i`,
  `INSERT INTO coverage_reports (organization_id, id, repository_id, build_id, submission_id, format, covered_lines, coverable_lines, recorded_at)
   SELECT $1, md5('coverage' || i)::uuid, md5('repository' || i % 50)::uuid, md5('build' || i % 50)::uuid,
     left(md5('submission' || i % 50), 24), 'lcov', 1, 2, now() - i * interval '3 minutes'
   FROM generate_series(0, 9999) i`,
  `INSERT INTO security_reports (organization_id, id, repository_id, build_id, submission_id, tool, recorded_at)
   SELECT $1, md5('security' || i)::uuid, md5('repository' || i % 50)::uuid, md5('build' || i % 50)::uuid,
     left(md5('submission' || i % 50), 24), 'trivy',
     now() - i * interval '3 minutes'
   FROM generate_series(0, 9999) i`,
  `INSERT INTO coverage_files (organization_id, report_id, position, path, covered_lines, coverable_lines)
   SELECT $1, md5('coverage' || i % 1000)::uuid, i / 1000, 'src/' || i, 1, 2 FROM generate_series(0, 19999) i`,
  `INSERT INTO security_findings (organization_id, report_id, position, rule_id, severity, severity_raw, message, fingerprint)
   SELECT $1, md5('security' || i % 1000)::uuid, i / 1000, 'rule', 'HIGH', 'high', 'message', 'print' || i
   FROM generate_series(0, 19999) i`,
  `INSERT INTO report_files (organization_id, submission_id, position, name)
   SELECT $1, left(md5('submission' || i % 50), 24), i / 50, 'file' || i FROM generate_series(0, 9999) i`,
  `INSERT INTO webhook_sources (organization_id, id, provider, name, sealed_secret, created_at)
   SELECT $1, md5('source' || i)::uuid, 'GITHUB', 'source', '', now() - i * interval '3 minutes'
   FROM generate_series(0, 4999) i`,
  `INSERT INTO webhook_deliveries (organization_id, id, provider, source_id, delivery_key, event, body, status, received_at, build_id)
   SELECT $1, md5('delivery' || i)::uuid, 'GITHUB', md5('source' || i % 50)::uuid, 'key' || i, 'workflow_run', '', 'PROCESSED',
     now() - i * interval '3 minutes', md5('build' || i % 50)::uuid
   FROM generate_series(0, 9999) i`,
  `INSERT INTO outgoing_endpoints (organization_id, id, url, events, sealed_secret, created_at, repository_id)
   SELECT $1, md5('endpoint' || i)::uuid, 'https://127.0.0.1/', '{QUARANTINE_CREATED}', '', now() - i * interval '3 minutes',
     md5('repository' || i % 50)::uuid
   FROM generate_series(0, 4999) i`,
  `INSERT INTO outgoing_messages (organization_id, id, endpoint_id, event, dedupe_key, body, status, created_at)
   SELECT $1, md5('message' || i)::uuid, md5('endpoint' || i % 50)::uuid, 'quarantine.created', i::text, '{}', 'DELIVERED',
     now() - i * interval '3 minutes'
   FROM generate_series(0, 9999) i`,
  `INSERT INTO outgoing_deliveries (organization_id, id, endpoint_id, message_id, event, attempt, sent_at, duration_ms, succeeded)
   SELECT $1, md5('delivery' || i)::uuid, md5('endpoint' || i % 50)::uuid, md5('message' || i)::uuid, 'quarantine.created', 1,
     now() - i * interval '3 minutes', 1, true
   FROM generate_series(0, 9999) i`,
  `INSERT INTO api_keys (organization_id, id, name, secret_hash, hint, created_at)
   SELECT $1, md5('key' || i)::uuid, 'key', sha256(i::text::bytea), '', now() - i * interval '3 minutes'
   FROM generate_series(0, 4999) i`,
];

/** Ids of parents that have many children, by the type of the parent. */
export const parentIds: Readonly<Record<string, (index: number) => string>> = {
  Repository: (index) => `md5('repository${index}')::uuid::text`,
  Build: (index) => `md5('build${index}')::uuid::text`,
  BuildLog: (index) => `md5('build${index}')::uuid::text`,
  Submission: (index) => `left(md5('submission${index}'), 24)`,
  Invocation: (index) => `md5('invocation${index}')::uuid::text`,
  TestCase: (index) => `left(md5('case${index}'), 24)`,
  CoverageReport: (index) => `md5('coverage${index}')::uuid::text`,
  WebhookEndpoint: (index) => `md5('endpoint${index}')::uuid::text`,
  WebhookSource: (index) => `md5('source${index}')::uuid::text`,
  SecurityReport: (index) => `md5('security${index}')::uuid::text`,
  FlakyTest: (index) => `left(md5('case${index}'), 24)`,
};

/** Stores so many rows that a plan that reads them all shows; the planner knows about them. */
export async function storeManyRows({ pool }: Database, organizationId: string): Promise<void> {
  for (const month of [0, 1, 2]) {
    await pool.query(`SELECT ensure_test_results_partition(now() - $1 * interval '1 month')`, [
      month,
    ]);
  }
  for (const maker of makers) await pool.query(maker, [organizationId]);
  await pool.query('ANALYZE');
}
