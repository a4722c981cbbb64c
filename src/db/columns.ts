import { getDatamodel } from './generated/pothos.ts';
import type * as Rows from './generated/prisma/client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { join, type Sql, sql, verbatim } from './sql.ts';

/** Fields whose column is not their own name in snake case. */
const renamed: Readonly<Record<string, string>> = {
  order: 'stage_order',
  group: 'group_name',
  user: 'user_name',
};

/** The column of a Prisma field, e.g. `startedAt` -> `started_at`. */
export function columnName(field: string): string {
  return renamed[field] ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** pg leaves an array of one of our enums as text; it knows arrays of text. */
const casts: Readonly<Record<string, string>> = {
  capabilities: '::text[]',
  nameFolding: '::text[]',
  events: '::text[]',
};

/** The hash of a key's secret is for `authenticate` alone: no list can read it. */
const { secretHash: _secretHash, ...apiKeyFields } = Prisma.ApiKeyScalarFieldEnum;

/** Where the members of a log are is for who reads its text: no list carries thousands of places. */
const {
  blobKey: _blobKey,
  memberOffsets: _memberOffsets,
  memberPositions: _memberPositions,
  memberLines: _memberLines,
  ...buildLogFields
} = Prisma.BuildLogScalarFieldEnum;

/** The secret of a source is for who checks webhooks, and a webhook's body may be megabytes long: no list has them. */
const { sealedSecret: _sealedSecret, ...webhookSourceFields } = Prisma.WebhookSourceScalarFieldEnum;
const { body: _body, ...webhookDeliveryFields } = Prisma.WebhookDeliveryScalarFieldEnum;
const {
  sealedSecret: _endpointSecret,
  sealedPreviousSecret: _previousSecret,
  ...webhookEndpointFields
} = Prisma.WebhookEndpointScalarFieldEnum;

/** Models that are read with set-based SQL, with their table and their fields as Prisma knows them. */
export const models = {
  ApiKey: { table: 'api_keys', fields: apiKeyFields },
  Repository: { table: 'repositories', fields: Prisma.RepositoryScalarFieldEnum },
  Build: { table: 'builds', fields: Prisma.BuildScalarFieldEnum },
  BuildLog: { table: 'build_logs', fields: buildLogFields },
  BuildLogSection: { table: 'build_log_sections', fields: Prisma.BuildLogSectionScalarFieldEnum },
  Stage: { table: 'stages', fields: Prisma.StageScalarFieldEnum },
  Submission: { table: 'submissions', fields: Prisma.SubmissionScalarFieldEnum },
  Invocation: { table: 'invocations', fields: Prisma.InvocationScalarFieldEnum },
  ReportFile: { table: 'report_files', fields: Prisma.ReportFileScalarFieldEnum },
  TestCase: { table: 'test_cases', fields: Prisma.TestCaseScalarFieldEnum },
  TestCaseAlias: { table: 'test_case_aliases', fields: Prisma.TestCaseAliasScalarFieldEnum },
  TestResult: { table: 'test_results', fields: Prisma.TestResultScalarFieldEnum },
  FlakyTest: { table: 'flaky_tests', fields: Prisma.FlakyTestScalarFieldEnum },
  FlakyEvidence: { table: 'flaky_evidence', fields: Prisma.FlakyEvidenceScalarFieldEnum },
  FlakyTransition: { table: 'flaky_transitions', fields: Prisma.FlakyTransitionScalarFieldEnum },
  Disruption: { table: 'disruptions', fields: Prisma.DisruptionScalarFieldEnum },
  FixAttempt: { table: 'fix_attempts', fields: Prisma.FixAttemptScalarFieldEnum },
  Quarantine: { table: 'live_quarantines', fields: Prisma.QuarantineScalarFieldEnum },
  QuarantineEvent: { table: 'quarantine_events', fields: Prisma.QuarantineEventScalarFieldEnum },
  TestTag: { table: 'test_tags', fields: Prisma.TestTagScalarFieldEnum },
  TestOwner: { table: 'test_owners', fields: Prisma.TestOwnerScalarFieldEnum },
  ExcludedResult: { table: 'excluded_results', fields: Prisma.ExcludedResultScalarFieldEnum },
  Target: { table: 'targets', fields: Prisma.TargetScalarFieldEnum },
  Agent: { table: 'agents', fields: Prisma.AgentScalarFieldEnum },
  CoverageReport: { table: 'coverage_reports', fields: Prisma.CoverageReportScalarFieldEnum },
  CoverageFile: { table: 'coverage_files', fields: Prisma.CoverageFileScalarFieldEnum },
  SecurityReport: { table: 'security_reports', fields: Prisma.SecurityReportScalarFieldEnum },
  SecurityFinding: { table: 'security_findings', fields: Prisma.SecurityFindingScalarFieldEnum },
  WebhookSource: { table: 'webhook_sources', fields: webhookSourceFields },
  WebhookDelivery: { table: 'webhook_deliveries', fields: webhookDeliveryFields },
  WebhookEndpoint: { table: 'outgoing_endpoints', fields: webhookEndpointFields },
  OutgoingWebhookMessage: {
    table: 'outgoing_messages',
    fields: Prisma.OutgoingWebhookMessageScalarFieldEnum,
  },
  OutgoingWebhookDelivery: {
    table: 'outgoing_deliveries',
    fields: Prisma.OutgoingWebhookDeliveryScalarFieldEnum,
  },
} as const;

export type ModelName = keyof typeof models;

/** The row of each model, as Prisma types it. */
export interface RowOf extends Record<ModelName, object> {
  ApiKey: Omit<Rows.ApiKey, 'secretHash'>;
  Repository: Rows.Repository;
  Build: Rows.Build;
  BuildLog: Pick<Rows.BuildLog, keyof typeof buildLogFields>;
  BuildLogSection: Rows.BuildLogSection;
  Stage: Rows.Stage;
  Submission: Rows.Submission;
  Invocation: Rows.Invocation;
  ReportFile: Rows.ReportFile;
  TestCase: Rows.TestCase;
  TestCaseAlias: Rows.TestCaseAlias;
  TestResult: Rows.TestResult;
  FlakyTest: Rows.FlakyTest;
  FlakyEvidence: Rows.FlakyEvidence;
  FlakyTransition: Rows.FlakyTransition;
  Disruption: Rows.Disruption;
  FixAttempt: Rows.FixAttempt;
  Quarantine: Rows.Quarantine;
  QuarantineEvent: Rows.QuarantineEvent;
  TestTag: Rows.TestTag;
  TestOwner: Rows.TestOwner;
  ExcludedResult: Rows.ExcludedResult;
  Target: Rows.Target;
  Agent: Rows.Agent;
  CoverageReport: Rows.CoverageReport;
  CoverageFile: Rows.CoverageFile;
  SecurityReport: Rows.SecurityReport;
  SecurityFinding: Rows.SecurityFinding;
  WebhookSource: Omit<Rows.WebhookSource, 'sealedSecret'>;
  WebhookDelivery: Omit<Rows.WebhookDelivery, 'body'>;
  WebhookEndpoint: Omit<Rows.WebhookEndpoint, 'sealedSecret' | 'sealedPreviousSecret'>;
  OutgoingWebhookMessage: Rows.OutgoingWebhookMessage;
  OutgoingWebhookDelivery: Rows.OutgoingWebhookDelivery;
}

const { models: datamodel } = getDatamodel().datamodel;

const typed = { DateTime: ofType('DateTime'), BigInt: ofType('BigInt') };

function ofType(type: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(datamodel).map(([model, { fields }]) => [
      model,
      fields.filter((field) => field.type === type).map(({ name }) => name),
    ]),
  );
}

/** Names of a model's columns as Prisma calls them. */
export function fieldsOf(model: ModelName): readonly string[] {
  return Object.keys(models[model].fields);
}

/** `builds t`: the table under the alias that every fragment here uses. */
export function tableOf(model: ModelName): Sql {
  return verbatim(`${models[model].table} t`);
}

/** `t.started_at AS "startedAt", …`: a select list that gives rows in Prisma's shape. */
export function selectList(fields: readonly string[]): Sql {
  return join(
    fields.map((field) => verbatim(`t.${columnName(field)}${casts[field] ?? ''} AS "${field}"`)),
  );
}

/** Fields of one scalar type, as the Prisma schema says. */
function fieldsOfType(model: ModelName, type: 'DateTime' | 'BigInt'): readonly string[] {
  return typed[type].get(model) ?? [];
}

/** Texts that may be megabytes long. */
const longTexts = new Set(['message', 'stackTrace', 'output']);

/** Lists show so many characters of a long text; a row by its id shows all of it. */
const excerptLength = 10_000;

/** Like `selectList`, for rows that travel as JSON: 64-bit integers as text, so no digit is lost. */
export function jsonSelectList(model: ModelName, fields: readonly string[]): Sql {
  const bigints = fieldsOfType(model, 'BigInt');
  return join(
    fields.map((field) => {
      const cast = bigints.includes(field) ? '::text' : '';
      return verbatim(`t.${columnName(field)}${cast} AS "${field}"`);
    }),
  );
}

/** One column under the alias `t`, as lists show it. */
export function excerptColumn(field: string): Sql {
  const name = verbatim(`t.${columnName(field)}`);
  return longTexts.has(field) ? sql`left(${name}, ${verbatim(String(excerptLength))})` : name;
}

/** The same for many rows at once, whose answer must not grow with what is in them. */
export function jsonExcerptList(model: ModelName, fields: readonly string[]): Sql {
  const short = fields.filter((field) => !longTexts.has(field));
  const long = fields.filter((field) => longTexts.has(field));
  return join([
    jsonSelectList(model, short),
    ...long.map((field) =>
      verbatim(`left(t.${columnName(field)}, ${String(excerptLength)}) AS "${field}"`),
    ),
  ]);
}

/** Gives a row that came as JSON the types it has in Prisma: JSON knows no instants and no 64-bit integers. */
export function reviveRow<Model extends ModelName>(
  model: Model,
  row: Record<string, unknown>,
): RowOf[Model] {
  for (const field of fieldsOfType(model, 'DateTime')) {
    const value = row[field];
    if (typeof value === 'string') row[field] = new Date(value);
  }
  for (const field of fieldsOfType(model, 'BigInt')) {
    const value = row[field];
    if (typeof value === 'string') row[field] = BigInt(value);
  }
  return row as RowOf[Model]; // its columns were selected by the names of the model's fields
}

/** One column under the alias `t`. */
export function column(field: string): Sql {
  return sql`t.${verbatim(columnName(field))}`;
}
