import { fieldsOf, type ModelName } from '../db/columns.ts';

interface Projection {
  /** Columns every row needs, whatever is asked: ids and the keys of its relations. */
  readonly always: readonly string[];
  /** Columns behind a field that is not a column of its own name. */
  readonly derived: Readonly<Record<string, readonly string[]>>;
}

const databaseId = { databaseId: ['id'] };

const projections: Readonly<Record<ModelName, Projection>> = {
  ApiKey: { always: ['id'], derived: {} },
  Repository: { always: ['id'], derived: { ...databaseId, fullName: ['owner', 'name'] } },
  Build: { always: ['id', 'repositoryId'], derived: databaseId },
  BuildLog: { always: ['buildId'], derived: {} },
  BuildLogSection: { always: ['buildId', 'position'], derived: {} },
  Stage: { always: ['buildId', 'order', 'key', 'repositoryId'], derived: {} },
  Submission: { always: ['id', 'repositoryId', 'buildId'], derived: databaseId },
  Invocation: { always: ['id', 'repositoryId'], derived: databaseId },
  Target: { always: ['invocationId', 'label'], derived: {} },
  ReportFile: { always: ['submissionId', 'position'], derived: { rejected: ['rejects'] } },
  TestCase: { always: ['id', 'repositoryId'], derived: databaseId },
  TestCaseAlias: { always: ['aliasId', 'testCaseId'], derived: { mergedAt: ['createdAt'] } },
  TestResult: {
    always: ['id', 'repositoryId', 'testCaseId', 'buildId', 'submissionId', 'invocationId'],
    derived: {
      ...databaseId,
      durationMs: ['durationUs'],
      ownersAtTheTime: ['commitSha', 'recordedAt'],
    },
  },
  FlakyTest: { always: ['testCaseId', 'repositoryId'], derived: {} },
  FlakyEvidence: {
    always: ['testCaseId', 'key', 'passedResultId', 'failedResultId'],
    derived: {},
  },
  FlakyTransition: { always: ['id', 'testCaseId', 'evidenceKey'], derived: {} },
  Disruption: { always: ['testCaseId', 'resultId', 'buildId', 'submissionId'], derived: {} },
  FixAttempt: { always: ['testCaseId'], derived: {} },
  Quarantine: { always: ['testCaseId', 'repositoryId'], derived: {} },
  QuarantineEvent: { always: ['id', 'testCaseId'], derived: databaseId },
  TestTag: { always: ['testCaseId', 'key'], derived: {} },
  TestOwner: { always: ['testCaseId', 'key'], derived: {} },
  ExcludedResult: { always: ['resultId'], derived: {} },
  Agent: {
    always: ['id'],
    derived: { status: ['status', 'lastSeenAt'], reportedStatus: ['status'] },
  },
  CoverageReport: {
    always: ['id', 'repositoryId', 'buildId', 'submissionId'],
    derived: { coverage: ['coveredLines', 'coverableLines'] },
  },
  CoverageFile: {
    always: ['reportId', 'position'],
    derived: { coverage: ['coveredLines', 'coverableLines'] },
  },
  SecurityReport: { always: ['id', 'repositoryId', 'buildId', 'submissionId'], derived: {} },
  SecurityFinding: { always: ['reportId', 'position'], derived: {} },
  WebhookSource: { always: ['id', 'provider'], derived: databaseId },
  WebhookDelivery: { always: ['id', 'sourceId', 'buildId'], derived: databaseId },
  WebhookEndpoint: { always: ['id', 'repositoryId'], derived: { ...databaseId, origin: ['url'] } },
  OutgoingWebhookMessage: { always: ['id', 'endpointId'], derived: databaseId },
  OutgoingWebhookDelivery: { always: ['id', 'endpointId', 'messageId'], derived: databaseId },
};

/** The columns to read so that these fields of a node can be answered. */
export function columnsFor(model: ModelName, fields: readonly string[]): string[] {
  const { always, derived } = projections[model];
  const own = new Set(fieldsOf(model));
  const needed = fields.flatMap((field) => derived[field] ?? (own.has(field) ? [field] : []));
  // Sorted, so that the same question in another order is the same statement.
  return [...new Set([...always, ...needed])].sort();
}
