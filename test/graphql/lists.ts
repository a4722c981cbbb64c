import type { ModelName, RowOf } from '../../src/db/columns.ts';
import { type Dataset, keysOf } from './dataset.ts';
import { fixedFindings, newFindings } from './finding-oracle.ts';
import type { ConnectionField } from './schema-walk.ts';

/** Any row of the dataset, by its Prisma names. */
export type Row = Readonly<Record<string, unknown>>;

export interface Order {
  readonly field: string;
  readonly direction: 'ASC' | 'DESC';
}

type Key = string | number | bigint;

/** What each model is sorted by, as the schema's descriptions say. */
const sortKeys = {
  ApiKey: { CREATED_AT: (row) => row.createdAt.getTime() },
  Repository: { CREATED_AT: (row) => row.createdAt.getTime(), NAME: (row) => row.slug },
  Build: {
    STARTED_AT: (row) => (row.startedAt ?? row.recordedAt).getTime(),
    DURATION: (row) => row.durationMs ?? -1n,
    NUMBER: (row) => row.number ?? -1n,
  },
  BuildLog: {},
  BuildLogSection: { POSITION: (row) => row.position },
  Stage: {
    RECORDED_AT: (row) => row.recordedAt.getTime(),
    DURATION: (row) => row.durationMs ?? -1n,
    ORDER: (row) => row.order,
  },
  Submission: {
    RECORDED_AT: (row) => row.recordedAt.getTime(),
    TEST_RESULT_COUNT: (row) => row.testResultCount,
  },
  Invocation: {
    RECORDED_AT: (row) => row.recordedAt.getTime(),
    DURATION: (row) => row.durationUs ?? -1n,
  },
  TestCase: {
    FIRST_SEEN_AT: (row) => row.firstSeenAt.getTime(),
    NAME: (row) => row.name.slice(0, 256),
  },
  TestResult: {
    RECORDED_AT: (row) => row.recordedAt.getTime(),
    DURATION: (row) => row.durationUs ?? -1n,
  },
  TestCaseAlias: { CREATED_AT: (row) => row.createdAt.getTime() },
  FlakyTest: {
    LAST_EVIDENCE_AT: (row) => row.lastEvidenceAt.getTime(),
    EVIDENCE_COUNT: (row) => row.evidenceCount,
    // The last 14 days hold nothing of a dataset, so all are the same; flaky-tests.test.ts has others.
    DISRUPTIVENESS: () => -1n,
    FLIP_RATE: () => -1n,
    FAILURE_RATE: () => -1n,
    FLAKE_PROBABILITY: () => 1n,
    DISRUPTION_COUNT: () => 0n,
    RESULT_TIME: () => 0n,
    TIME_LOST: () => 0n,
    BUILDS_BROKEN: () => 0n,
  },
  FlakyEvidence: { LAST_AT: (row) => row.lastAt.getTime() },
  FlakyTransition: { AT: (row) => row.at.getTime() },
  Disruption: { RECORDED_AT: (row) => row.recordedAt.getTime() },
  FixAttempt: {},
  Quarantine: { SINCE: (row) => row.since.getTime() },
  QuarantineEvent: { AT: (row) => row.at.getTime() },
  TestTag: {},
  TestOwner: {},
  ExcludedResult: {},
  Target: { LABEL: (row) => row.label },
  Agent: { LAST_SEEN_AT: (row) => row.lastSeenAt.getTime() },
  CoverageReport: { RECORDED_AT: (row) => row.recordedAt.getTime() },
  SecurityReport: { RECORDED_AT: (row) => row.recordedAt.getTime() },
  ReportFile: { POSITION: (row) => row.position },
  CoverageFile: { PATH: (row) => row.position },
  SecurityFinding: { POSITION: (row) => row.position },
  WebhookSource: { CREATED_AT: (row) => row.createdAt.getTime() },
  WebhookDelivery: { RECEIVED_AT: (row) => row.receivedAt.getTime() },
  WebhookEndpoint: { CREATED_AT: (row) => row.createdAt.getTime() },
  OutgoingWebhookMessage: {},
  OutgoingWebhookDelivery: { SENT_AT: (row) => row.sentAt.getTime() },
} as const satisfies {
  readonly [Model in ModelName]: Readonly<Record<string, (row: RowOf[Model]) => Key>>;
};

interface Relation {
  readonly model: ModelName;
  readonly defaultOrder: Order;
  /** The child's column that holds the parent's id; the parent is the first of its model. */
  readonly foreignKey: string | null;
  /** Rows below the parent, where that takes more than the column. */
  readonly rows?: (dataset: Dataset) => readonly Row[];
}

function latest(model: ModelName, field: string, foreignKey: string | null = null): Relation {
  return { model, foreignKey, defaultOrder: { field, direction: 'DESC' } };
}

function first(model: ModelName, field: string, foreignKey: string): Relation {
  return { model, foreignKey, defaultOrder: { field, direction: 'ASC' } };
}

/** What each connection of the schema holds, and how it is sorted when nothing is said. */
const relations: Readonly<Record<string, Relation>> = {
  'Query.repositories': latest('Repository', 'CREATED_AT'),
  'Query.builds': latest('Build', 'STARTED_AT'),
  'Query.stages': latest('Stage', 'RECORDED_AT'),
  'Query.submissions': latest('Submission', 'RECORDED_AT'),
  'Query.invocations': latest('Invocation', 'RECORDED_AT'),
  'Query.testCases': latest('TestCase', 'FIRST_SEEN_AT'),
  'Query.testResults': latest('TestResult', 'RECORDED_AT'),
  'Query.flakyTests': latest('FlakyTest', 'LAST_EVIDENCE_AT'),
  'Query.quarantines': latest('Quarantine', 'SINCE'),
  'Query.agents': latest('Agent', 'LAST_SEEN_AT'),
  'Query.webhookSources': latest('WebhookSource', 'CREATED_AT'),
  'Query.webhookDeliveries': latest('WebhookDelivery', 'RECEIVED_AT'),
  'Query.webhookEndpoints': latest('WebhookEndpoint', 'CREATED_AT'),
  'Organization.repositories': latest('Repository', 'CREATED_AT'),
  'Organization.builds': latest('Build', 'STARTED_AT'),
  'Organization.submissions': latest('Submission', 'RECORDED_AT'),
  'Organization.invocations': latest('Invocation', 'RECORDED_AT'),
  'Organization.testCases': latest('TestCase', 'FIRST_SEEN_AT'),
  'Organization.flakyTests': latest('FlakyTest', 'LAST_EVIDENCE_AT'),
  'Organization.agents': latest('Agent', 'LAST_SEEN_AT'),
  'Organization.apiKeys': latest('ApiKey', 'CREATED_AT'),
  'Repository.builds': latest('Build', 'STARTED_AT', 'repositoryId'),
  'Repository.stages': latest('Stage', 'RECORDED_AT', 'repositoryId'),
  'Repository.submissions': latest('Submission', 'RECORDED_AT', 'repositoryId'),
  'Repository.invocations': latest('Invocation', 'RECORDED_AT', 'repositoryId'),
  'Repository.testCases': latest('TestCase', 'FIRST_SEEN_AT', 'repositoryId'),
  'Repository.testResults': latest('TestResult', 'RECORDED_AT', 'repositoryId'),
  'Repository.flakyTests': latest('FlakyTest', 'LAST_EVIDENCE_AT', 'repositoryId'),
  'Repository.quarantines': latest('Quarantine', 'SINCE', 'repositoryId'),
  'Repository.coverageReports': latest('CoverageReport', 'RECORDED_AT', 'repositoryId'),
  'Repository.securityReports': latest('SecurityReport', 'RECORDED_AT', 'repositoryId'),
  'Build.stages': first('Stage', 'ORDER', 'buildId'),
  'Build.submissions': latest('Submission', 'RECORDED_AT', 'buildId'),
  'Build.testResults': latest('TestResult', 'RECORDED_AT', 'buildId'),
  'Build.coverageReports': latest('CoverageReport', 'RECORDED_AT', 'buildId'),
  'Build.securityReports': latest('SecurityReport', 'RECORDED_AT', 'buildId'),
  'BuildLog.sections': first('BuildLogSection', 'POSITION', 'buildId'),
  'Submission.testResults': latest('TestResult', 'RECORDED_AT', 'submissionId'),
  'Submission.coverageReports': latest('CoverageReport', 'RECORDED_AT', 'submissionId'),
  'Submission.securityReports': latest('SecurityReport', 'RECORDED_AT', 'submissionId'),
  'Submission.health': first('ReportFile', 'POSITION', 'submissionId'),
  'Invocation.targets': first('Target', 'LABEL', 'invocationId'),
  'Invocation.testResults': latest('TestResult', 'RECORDED_AT', 'invocationId'),
  'TestCase.mergedFrom': latest('TestCaseAlias', 'CREATED_AT', 'testCaseId'),
  'TestCase.quarantineEvents': latest('QuarantineEvent', 'AT', 'testCaseId'),
  'TestCase.results': latest('TestResult', 'RECORDED_AT', 'testCaseId'),
  'CoverageReport.files': first('CoverageFile', 'PATH', 'reportId'),
  'SecurityReport.findings': first('SecurityFinding', 'POSITION', 'reportId'),
  'SecurityReport.newFindings': {
    ...first('SecurityFinding', 'POSITION', 'reportId'),
    rows: newFindings,
  },
  'SecurityReport.fixedFindings': {
    ...first('SecurityFinding', 'POSITION', 'reportId'),
    rows: fixedFindings,
  },
  'WebhookSource.deliveries': latest('WebhookDelivery', 'RECEIVED_AT', 'sourceId'),
  'WebhookEndpoint.deliveries': latest('OutgoingWebhookDelivery', 'SENT_AT', 'endpointId'),
  'FlakyTest.evidence': latest('FlakyEvidence', 'LAST_AT', 'testCaseId'),
  'FlakyTest.disruptions': latest('Disruption', 'RECORDED_AT', 'testCaseId'),
  'FlakyTest.transitions': latest('FlakyTransition', 'AT', 'testCaseId'),
  'FlakyTest.recentResults': latest('TestResult', 'RECORDED_AT', 'testCaseId'),
};

/** A connection with its rows, transient ones too, and their true order. */
export interface List {
  readonly model: ModelName;
  /** Global id of the parent that `pageDocument` asks for. */
  readonly parentId: string | null;
  readonly rows: readonly Row[];
  readonly orders: readonly Order[];
  readonly sorted: (rows: readonly Row[], order: Order | null) => Row[];
}

/** Says what a connection must hold. Fails for one that this file does not know. */
export function listOf(dataset: Dataset, connection: ConnectionField): List {
  const { model, foreignKey, defaultOrder, rows } = relationOf(connection);
  const parent = foreignKey === null ? null : firstOf(dataset, connection.parent);
  const belongs = (row: Row) => foreignKey === null || row[foreignKey] === parent?.id;
  const fields = connection.orderFields.length > 0 ? connection.orderFields : [defaultOrder.field];
  return {
    model,
    parentId: parent === null ? null : globalId(connection.parent, parent.id),
    rows: rows?.(dataset) ?? (dataset[model] as readonly Row[]).filter(belongs),
    orders: fields.flatMap((field): Order[] => [
      { field, direction: 'ASC' },
      { field, direction: 'DESC' },
    ]),
    sorted: (rows, order) => sort(model, rows, order ?? defaultOrder),
  };
}

function relationOf({ name, type }: ConnectionField): Relation {
  const relation = relations[name];
  if (relation?.model !== type)
    throw new Error(`tests do not know ${name} of ${type}: say in lists.ts what it holds`);
  return relation;
}

function firstOf(dataset: Dataset, parent: string): { readonly id: string } {
  const model = parent as ModelName; // a node with children is of one of the models
  const [row] = dataset[model] as readonly Row[];
  if (row === undefined) throw new Error(`the dataset has no ${parent}`);
  return { id: String(row[keysOf[model][0]]) };
}

function sort(model: ModelName, rows: readonly Row[], { field, direction }: Order): Row[] {
  const byModel: Readonly<Record<string, unknown>> = sortKeys[model];
  const key = byModel[field] as ((row: Row) => Key) | undefined; // as `satisfies` says above
  if (key === undefined)
    throw new Error(`tests do not know the order ${field} of ${model}: say in lists.ts`);
  const places = rows.map((row) => ({
    row,
    place: [key(row), ...keysOf[model].map((name) => row[name] as Key)],
  }));
  const sign = direction === 'ASC' ? 1 : -1;
  return places.sort((a, b) => sign * compare(a.place, b.place)).map(({ row }) => row);
}

function compare(left: readonly Key[], right: readonly Key[]): number {
  for (const [index, value] of left.entries()) {
    const other = right[index];
    if (other !== undefined && value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

/** The opaque id of a node. */
export function globalId(type: string, id: string): string {
  return Buffer.from(`${type}:${id}`).toString('base64');
}

/** Database id of a row that is a node. */
export function idOf(model: ModelName, row: Row): string {
  if (model === 'Stage') return `${String(row['buildId'])}:${String(row['key'])}`;
  return String(row[keysOf[model][0]]);
}

const notNodes: Readonly<Record<string, string>> = {
  ApiKey: 'id',
  Target: 'label',
  FlakyEvidence: 'codeState',
  FlakyTransition: 'databaseId',
  Disruption: 'resultId',
  TestCaseAlias: 'aliasId',
  BuildLogSection: 'name',
  ReportFile: 'name',
  CoverageFile: 'path',
  SecurityFinding: 'fingerprint',
};

/** Selection by which a node of a list is told from the others, under the name `key`. */
export function keySelection(model: ModelName): string {
  return `key: ${notNodes[model] ?? 'id'}`;
}

/** What `keySelection` gives for a row. */
export function keyOf(model: ModelName, row: Row): string {
  const field = notNodes[model];
  if (field === undefined) return globalId(model, idOf(model, row));
  return String(row[field === 'databaseId' ? 'id' : field]);
}
