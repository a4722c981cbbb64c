import { beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/db/client.ts';
import { columnName } from '../../src/db/columns.ts';
import type { Queryable } from '../../src/db/sql.ts';
import { toRecords } from '../../src/db/upsert.ts';
import { testDatabase } from '../support/test-database.ts';
import {
  ours,
  theirs,
  repositoryId,
  theirRepositoryId,
  buildId,
  invocationId,
  submissionId,
  now,
  type Table,
  valid,
} from './valid-rows.ts';

let db: Database;
beforeAll(async () => {
  db = await testDatabase();
  for (const [id, repository] of [
    [ours, repositoryId],
    [theirs, theirRepositoryId],
  ]) {
    await insert('organizations', { id, slug: `o-${String(id)}`, name: 'o', createdAt: now });
    await insert('repositories', { ...valid.repositories, organizationId: id, id: repository });
  }
  await insert('builds', valid.builds);
  await insert('submissions', valid.submissions);
  await insert('invocations', valid.invocations);
  await insert('test_cases', valid.test_cases);
  await insert('codeowners_files', valid.codeowners_files);
  await insert('outgoing_endpoints', valid.outgoing_endpoints);
  await insert('outgoing_messages', valid.outgoing_messages);
});

/** Inserts one row as any client of the database could. */
async function insert(table: Table, row: object, on: Queryable = db.pool): Promise<void> {
  const columns = Object.keys(row).map(columnName).join(', ');
  await on.query(
    `INSERT INTO ${table} (${columns})
     SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1::json)`,
    [toRecords([row])],
  );
}

/** Inserts a row, and takes it back so that the tests do not meet; fails when Postgres refuses it. */
async function tryInsert(table: Table, row: object): Promise<void> {
  const client = await db.pool.connect();
  try {
    await client.query('BEGIN');
    await insert(table, row, client);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

const later = new Date(now.getTime() + 1);
const nobody = '00000012-0000-4000-8000-000000000000';

/** Table, what is wrong with the row, the constraint that says so. */
const refused: readonly (readonly [Table, object, string])[] = [
  ['organizations', { id: nobody, slug: 'Upper' }, 'organizations_slug_check'],
  ['organizations', { id: nobody, slug: '' }, 'organizations_slug_check'],
  ['users', { email: 'Ada@example.org' }, 'users_email_check'],
  ['api_keys', { secretHash: '\\x00' }, 'api_keys_secret_hash_check'],
  ['repositories', { id: nobody, slug: 'Acme/Widgets' }, 'repositories_slug_check'],
  ['repositories', { id: nobody, slug: '/widgets', owner: '' }, 'repositories_slug_check'],
  ['repositories', { id: nobody }, 'repositories_organization_id_slug_key'],
  ['builds', { id: nobody, durationMs: -1 }, 'builds_duration_check'],
  ['builds', { id: nobody, queueDurationMs: -1 }, 'builds_duration_check'],
  ['builds', { id: nobody, durationMs: -1, queueDurationMs: 1 }, 'builds_duration_check'],
  ['builds', { id: nobody, attempt: 0 }, 'builds_attempt_check'],
  ['builds', {}, 'builds_pkey'],
  ['stages', { stageOrder: -1 }, 'stages_order_check'],
  ['stages', { durationMs: -1 }, 'stages_duration_check'],
  ['stages', { queueDurationMs: -1 }, 'stages_duration_check'],
  ['submissions', { id: 'short', key: 'k' }, 'submissions_id_check'],
  ['submissions', { id: 'A'.repeat(24), key: 'k' }, 'submissions_id_check'],
  ['submissions', { id: 'd'.repeat(24), key: 'k', testResultCount: -1 }, 'submissions_count_check'],
  ['submissions', { id: 'd'.repeat(24), key: 'k', status: 'FAILED' }, 'submissions_failure_check'],
  [
    'submissions',
    { id: 'd'.repeat(24), key: 'k', failureReason: 'x' },
    'submissions_failure_check',
  ],
  ['submissions', { id: 'd'.repeat(24) }, 'submissions_organization_id_repository_id_key_key'],
  ['invocations', { id: nobody, durationUs: -1 }, 'invocations_duration_check'],
  ['targets', { durationUs: -1 }, 'targets_duration_check'],
  ['test_cases', { id: 'Z'.repeat(24) }, 'test_cases_id_check'],
  ['test_results', { id: 'c' }, 'test_results_id_check'],
  ['test_results', { attempt: 0 }, 'test_results_attempt_check'],
  ['test_results', { durationUs: -1 }, 'test_results_duration_check'],
  ['test_results', { buildId: null }, 'test_results_parent_check'],
  ['flaky_tests', { evidenceCount: -1 }, 'flaky_tests_evidence_check'],
  ['flaky_evidence', { kind: 'SANDWICH' }, 'flaky_evidence_check'],
  ['test_days', { buckets: [] }, 'test_days_check'],
  ['result_quarters', { bucketCounts: [] }, 'result_quarters_check'],
  ['job_quarters', { bucketCounts: [] }, 'job_quarters_check'],
  ['stage_quarters', { runs: 0 }, 'stage_quarters_check'],
  ['runner_prices', { currency: 'euro' }, 'runner_prices_check'],
  ['flaky_settings', { alarmDays: 0 }, 'flaky_settings_check'],
  ['flaky_settings', { outagePercent: 100 }, 'flaky_settings_check'],
  ['flaky_tests', { firstEvidenceAt: later }, 'flaky_tests_evidence_check'],
  ['flaky_evidence', { passedCount: 0 }, 'flaky_evidence_check'],
  ['flaky_evidence', { failedCount: 0 }, 'flaky_evidence_check'],
  ['flaky_evidence', { firstAt: later }, 'flaky_evidence_check'],
  ['quarantines', { expiresAt: now }, 'quarantines_check'],
  ['quarantines', { isAutomatic: true, mode: 'SKIP' }, 'quarantines_check'],
  ['quarantines', { isAutomatic: true, actor: 'ada' }, 'quarantines_check'],
  ['quarantine_events', { afterMode: null }, 'quarantine_events_check'],
  ['quarantine_events', { beforeMode: 'SKIP' }, 'quarantine_events_check'],
  ['quarantine_events', { change: 'REMOVED' }, 'quarantine_events_check'],
  ['quarantine_events', { change: 'CHANGED' }, 'quarantine_events_check'],
  ['test_tags', { tag: '' }, 'test_tags_check'],
  ['test_tags', { tag: 'x'.repeat(65) }, 'test_tags_check'],
  ['codeowners_files', { digest: '\\x00' }, 'codeowners_files_check'],
  ['codeowners_files', { problemCount: -1 }, 'codeowners_files_check'],
  ['test_owners', { owner: '' }, 'test_owners_check'],
  ['test_owners', { position: -1 }, 'test_owners_check'],
  ['owner_sweeps', { sweptId: 'c'.repeat(24) }, 'owner_sweeps_check'],
  ['outgoing_endpoints', { id: nobody, events: [] }, 'outgoing_endpoints_check'],
  ['outgoing_endpoints', { id: nobody, disabledAt: now }, 'outgoing_endpoints_check'],
  ['outgoing_endpoints', { id: nobody, previousSecretUntil: now }, 'outgoing_endpoints_check'],
  ['outgoing_messages', { id: nobody, dedupeKey: '2', attempts: -1 }, 'outgoing_messages_check'],
  [
    'outgoing_messages',
    { id: nobody, dedupeKey: '2', status: 'FAILED' },
    'outgoing_messages_check',
  ],
  [
    'outgoing_messages',
    { id: nobody },
    'outgoing_messages_organization_id_endpoint_id_dedupe_key_key',
  ],
  ['outgoing_deliveries', { attempt: 0 }, 'outgoing_deliveries_check'],
  ['outgoing_deliveries', { succeeded: false }, 'outgoing_deliveries_check'],
  ['outgoing_deliveries', { answer: 'x'.repeat(1001) }, 'outgoing_deliveries_check'],
  ['coverage_reports', { coveredLines: -1 }, 'coverage_reports_lines_check'],
  ['coverage_reports', { coveredLines: 3 }, 'coverage_reports_lines_check'],
];

test.each(refused)('%s with %j is refused by %s', async (table, wrong, constraint) => {
  const stored = tryInsert(table, { ...valid[table], ...wrong });

  await expect(stored).rejects.toMatchObject({ constraint });
});

/** Rows of another organization that refer to something of ours, or the other way round. */
const foreign: readonly (readonly [Table, object, string])[] = [
  ['builds', { id: nobody, repositoryId: theirRepositoryId }, 'repository_id'],
  ['build_aliases', { organizationId: theirs }, 'build_id'],
  ['stages', { organizationId: theirs }, 'build_id'],
  ['stages', { repositoryId: theirRepositoryId }, 'repository_id'],
  ['submissions', { id: 'd'.repeat(24), repositoryId: theirRepositoryId }, 'repository_id'],
  ['submissions', { organizationId: theirs, repositoryId: theirRepositoryId, buildId }, 'build_id'],
  ['invocations', { id: nobody, repositoryId: theirRepositoryId }, 'repository_id'],
  ['targets', { organizationId: theirs }, 'invocation_id'],
  ['test_cases', { id: 'd'.repeat(24), repositoryId: theirRepositoryId }, 'repository_id'],
  ['test_results', { repositoryId: theirRepositoryId }, 'repository_id'],
  ['test_results', { testCaseId: 'd'.repeat(24) }, 'test_case_id'],
  ['test_results', { buildId: nobody }, 'build_id'],
  ['test_results', { submissionId: 'd'.repeat(24) }, 'submission_id'],
  ['test_results', { invocationId: nobody }, 'invocation_id'],
  ['flaky_tests', { repositoryId: theirRepositoryId }, 'repository_id'],
  ['flaky_tests', { organizationId: theirs, repositoryId: theirRepositoryId }, 'test_case_id'],
  ['flaky_evidence', { organizationId: theirs }, 'test_case_id'],
  ['quarantines', { organizationId: theirs }, 'test_case_id'],
  ['quarantine_events', { organizationId: theirs }, 'test_case_id'],
  ['quarantine_revisions', { repositoryId: theirRepositoryId }, 'repository_id'],
  ['test_tags', { organizationId: theirs }, 'test_case_id'],
  ['outgoing_endpoints', { id: nobody, repositoryId: theirRepositoryId }, 'repository_id'],
  ['outgoing_messages', { organizationId: theirs }, 'endpoint_id'],
  ['outgoing_deliveries', { organizationId: theirs }, 'message_id'],
  ['coverage_reports', { repositoryId: theirRepositoryId }, 'repository_id'],
  ['coverage_reports', { buildId: nobody }, 'build_id'],
  ['coverage_reports', { submissionId: 'd'.repeat(24) }, 'submission_id'],
  ['security_reports', { organizationId: theirs }, 'build_id'],
  ['security_reports', { repositoryId: theirRepositoryId }, 'repository_id'],
];

test.each(foreign)('%s with %j of a stranger is refused by %s', async (table, wrong, column) => {
  const stored = tryInsert(table, { ...valid[table], ...wrong });

  const constraint = `${table}_organization_id_${column}_fkey`;
  await expect(stored).rejects.toMatchObject({ code: '23503', constraint });
});

const afresh: Readonly<Partial<Record<Table, object>>> = {
  organizations: { id: nobody },
  repositories: { id: nobody, slug: 'acme/other', name: 'other' },
  builds: { id: nobody },
  submissions: { id: 'd'.repeat(24), key: 'k' },
  invocations: { id: nobody },
  test_cases: { id: 'd'.repeat(24) },
  codeowners_files: { digest: `\\x${'cd'.repeat(32)}` },
  outgoing_endpoints: { id: nobody },
  outgoing_messages: { id: nobody, dedupeKey: 'another' },
};

test.each(Object.keys(valid) as Table[])(
  'a row of %s that breaks no rule is accepted',
  async (table) => {
    const stored = tryInsert(table, { ...valid[table], ...afresh[table] });

    await expect(stored).resolves.toBeUndefined();
  },
);

test.each([{ buildId }, { submissionId }, { invocationId }])(
  'a test result whose only parent is %j is accepted',
  async (parent) => {
    const stored = tryInsert('test_results', { ...valid.test_results, buildId: null, ...parent });

    await expect(stored).resolves.toBeUndefined();
  },
);
