import { outgoingRows } from './dataset-outgoing.ts';
import { testOwnerRows } from './dataset-owners.ts';
import { triageRows } from './dataset-triage.ts';
import { webhookDeliveryRows, webhookSourceRows } from './dataset-webhooks.ts';
import {
  buildLogRows,
  coverageFileRows,
  findingRows,
  logSectionRows,
  reportFileRows,
} from './dataset-files.ts';
import { flakyRows } from './dataset-flaky.ts';
import { coverageRows, securityRows } from './dataset-reports.ts';
import { createHash } from 'node:crypto';
import type { Database } from '../../src/db/client.ts';
import { columnName, type ModelName, models, type RowOf } from '../../src/db/columns.ts';
import type * as Rows from '../../src/db/generated/prisma/client.ts';
import * as enums from '../../src/db/generated/prisma/enums.ts';
import {
  buildRows,
  flakyEvidenceRows,
  flakyTestRows,
  invocationRows,
  type Owner,
  repositoryRows,
  stageRows,
  submissionRows,
  targetRows,
  testCaseAliasRows,
  testCaseRows,
  testResultRows,
} from './dataset-rows.ts';
import { cycle, isTransient, known, minute, rowsOf, uuidOf } from './dataset-values.ts';

/** All rows of one organization as they were stored, by model. Every fifth of a model may be removed. */
export type Dataset = { readonly [Model in ModelName]: RowOf[Model][] };

/** The columns that make a row of the model the only one in its organization. */
export const keysOf = {
  ApiKey: ['id'],
  Repository: ['id'],
  Build: ['id'],
  BuildLog: ['buildId'],
  BuildLogSection: ['buildId', 'position'],
  Stage: ['buildId', 'order', 'key'],
  Submission: ['id'],
  Invocation: ['id'],
  TestCase: ['id'],
  TestCaseAlias: ['aliasId'],
  TestResult: ['id'],
  FlakyTest: ['testCaseId'],
  FlakyEvidence: ['testCaseId', 'key'],
  FlakyTransition: ['id'],
  Disruption: ['testCaseId', 'resultId'],
  FixAttempt: ['testCaseId'],
  Quarantine: ['testCaseId'],
  QuarantineEvent: ['id'],
  TestTag: ['testCaseId', 'key'],
  TestOwner: ['testCaseId', 'key'],
  ExcludedResult: ['resultId'],
  Target: ['invocationId', 'label'],
  Agent: ['id'],
  CoverageReport: ['id'],
  SecurityReport: ['id'],
  ReportFile: ['submissionId', 'position'],
  CoverageFile: ['reportId', 'position'],
  SecurityFinding: ['reportId', 'position'],
  WebhookSource: ['id'],
  WebhookDelivery: ['id'],
  WebhookEndpoint: ['id'],
  OutgoingWebhookMessage: ['id'],
  OutgoingWebhookDelivery: ['id'],
} as const satisfies { readonly [Model in ModelName]: readonly (keyof RowOf[Model])[] };

/** Parents before children. */
const inOrder = [
  'Repository',
  'Build',
  'BuildLog',
  'BuildLogSection',
  'Stage',
  'Submission',
  'Invocation',
  'Target',
  'TestCase',
  'TestCaseAlias',
  'TestResult',
  'FlakyTest',
  'FlakyEvidence',
  'FlakyTransition',
  'Disruption',
  'FixAttempt',
  'Quarantine',
  'QuarantineEvent',
  'TestTag',
  'TestOwner',
  'ExcludedResult',
  'Agent',
  'CoverageReport',
  'SecurityReport',
  'ReportFile',
  'CoverageFile',
  'SecurityFinding',
  'WebhookSource',
  'WebhookDelivery',
  'WebhookEndpoint',
  'OutgoingWebhookMessage',
  'OutgoingWebhookDelivery',
  'ApiKey',
] as const satisfies ModelName[];

/** Makes an organization's rows, of every model, with ties in every sort key; stores nothing. */
export function makeDataset(owner: Owner): Dataset {
  const Repository = repositoryRows(owner);
  const Build = buildRows(owner, Repository);
  const Submission = submissionRows(owner, Repository, Build);
  const Invocation = invocationRows(owner, Repository);
  const TestCase = testCaseRows(owner, Repository);
  const FlakyTest = flakyTestRows(TestCase);
  const BuildLog = buildLogRows(Build);
  const CoverageReport = coverageRows(owner, Repository, Build, Submission);
  const SecurityReport = securityRows(owner, Repository, Build, Submission);
  const WebhookSource = webhookSourceRows(owner);
  const TestResult = testResultRows(owner, TestCase, {
    builds: Build,
    submissions: Submission,
    invocations: Invocation,
  });
  return {
    Repository,
    Build,
    BuildLog,
    BuildLogSection: logSectionRows(BuildLog),
    Stage: stageRows(Build),
    Submission,
    Invocation,
    Target: targetRows(Invocation),
    TestCase,
    TestCaseAlias: testCaseAliasRows(TestCase),
    TestResult,
    FlakyTest,
    FlakyEvidence: flakyEvidenceRows(FlakyTest, TestResult),
    ...flakyRows(owner, FlakyTest, TestResult, Submission),
    ...triageRows(owner, TestCase, TestResult),
    TestOwner: testOwnerRows(TestCase),
    Agent: agentRows(owner),
    CoverageReport,
    CoverageFile: coverageFileRows(CoverageReport),
    SecurityReport,
    SecurityFinding: findingRows(SecurityReport),
    ReportFile: reportFileRows(Submission),
    WebhookSource,
    WebhookDelivery: webhookDeliveryRows(owner, WebhookSource, Build),
    ...outgoingRows(owner, Repository),
    ApiKey: apiKeyRows(owner),
  };
}

/**
 * Stores a whole dataset; results lie in a month's partition and in the default one. The keys that the
 * organization has already become part of it.
 */
export async function store(db: Database, dataset: Dataset): Promise<void> {
  const organizationId = dataset.Repository[0]?.organizationId ?? '';
  const where = { organizationId };
  const keys = await db.prisma.apiKey.findMany({ where, omit: { secretHash: true } });
  await db.pool.query(`SELECT ensure_test_results_partition('2026-02-01T00:00:00Z')`);
  for (const model of inOrder) await insertRows(db, model, dataset[model]);
  dataset.ApiKey.push(...keys);
}

/** Whether the row comes and goes: it may be removed, since nothing hangs on it. */
export function comesAndGoes<Model extends ModelName>(
  dataset: Dataset,
  model: Model,
  row: RowOf[Model],
): boolean {
  return isTransient(dataset[model].indexOf(row));
}

export async function insertRows<Model extends ModelName>(
  db: Database,
  model: Model,
  rows: readonly RowOf[Model][],
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const hidden = hiddenBytes[model] ?? [];
  const columns = [...Object.keys(first), ...hidden].map(columnName).join(', ');
  const { table } = models[model];
  const text = `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1)`;
  await db.pool.query(text, [toJson(model, rows)]);
}

export async function removeRows<Model extends ModelName>(
  db: Database,
  model: Model,
  rows: readonly RowOf[Model][],
): Promise<void> {
  const { table } = models[model];
  const keys: readonly string[] = ['organizationId', ...keysOf[model]];
  const same = keys.map((key) => `t.${columnName(key)} = gone.${columnName(key)}`).join(' AND ');
  const text = `DELETE FROM ${table} t USING json_populate_recordset(NULL::${table}, $1) gone WHERE ${same}`;
  await db.pool.query(text, [toJson(model, rows)]);
}

/** Columns of bytes that no list reads; any will do. */
const hiddenBytes: Readonly<Partial<Record<ModelName, readonly string[]>>> = {
  ApiKey: ['secretHash'],
  WebhookSource: ['sealedSecret'],
  WebhookDelivery: ['body'],
  WebhookEndpoint: ['sealedSecret', 'sealedPreviousSecret'],
};

function toJson(model: ModelName, rows: readonly object[]): string {
  const records = rows.map((row) => {
    const record = Object.fromEntries(
      Object.entries(row).map(([field, value]) => [columnName(field), value]),
    );
    const bytes = createHash('sha256').update(String(record['id'])).digest('hex');
    const hidden = (hiddenBytes[model] ?? []).map((field) => [columnName(field), `\\x${bytes}`]);
    return { ...record, ...(Object.fromEntries(hidden) as Record<string, string>) };
  });
  return JSON.stringify(records, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

function agentRows({ organizationId, seed }: Owner): Rows.Agent[] {
  return rowsOf(25, (index) => ({
    organizationId,
    id: uuidOf(seed, 'agent', String(index)),
    instance: cycle(['https://ci.example.org', 'https://two.example.org'], index),
    server: cycle(['ci.example.org', 'two.example.org'], index),
    name: `agent-${index}`,
    status: cycle(Object.values(enums.AgentStatus), index),
    statusRaw: `raw ${index}`,
    currentJob: known(index, `job ${index}`),
    labels: rowsOf(index % 3, (label) => `label ${label}`),
    os: known(index, 'linux'),
    arch: known(index + 1, 'arm64'),
    executors: known(index, index),
    // Some were heard of long ago, the others will not age while this runs.
    lastSeenAt: index % 3 === 0 ? minute(index % 6) : new Date(Date.UTC(2090, 0, 1, 0, index % 6)),
  }));
}

function apiKeyRows({ organizationId, seed }: Owner): RowOf['ApiKey'][] {
  return rowsOf(12, (index) => ({
    organizationId,
    id: uuidOf(organizationId, seed, 'key', String(index)), // keys are unique over all organizations
    userId: null,
    name: `key ${index}`,
    hint: String(1000 + index),
    capabilities: index % 2 === 0 ? ['READ'] : ['INGEST', 'READ'],
    expiresAt: known(index, minute(index)),
    revokedAt: known(index + 1, minute(index)),
    lastUsedAt: known(index + 2, minute(index)),
    createdAt: minute(index % 4),
  }));
}
