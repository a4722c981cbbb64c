import type { ServiceContext } from '../context.ts';
import {
  column,
  fieldsOf,
  jsonSelectList,
  type ModelName,
  reviveRow,
  tableOf,
} from '../db/columns.ts';
import { type Sql, sql, verbatim } from '../db/sql.ts';
import { recordedSecond } from '../domain/object-id.ts';

/** Models of which one row can be asked for. */
export type RowModel = Exclude<
  ModelName,
  | 'ApiKey'
  | 'BuildLogSection'
  | 'FlakyEvidence'
  | 'FlakyTransition'
  | 'Disruption'
  | 'TestTag'
  | 'TestOwner'
  | 'Target'
  | 'ReportFile'
  | 'CoverageFile'
  | 'SecurityFinding'
>;

/** Models that a node can be of. */
export type NodeModel = Exclude<
  RowModel,
  'TestCaseAlias' | 'FixAttempt' | 'ExcludedResult' | 'OutgoingWebhookMessage'
>;

/** Names one row: its model and its id. A stage's id is `<build id>:<key>`. */
export interface RowKey {
  readonly model: RowModel;
  readonly id: string;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const objectId = /^[0-9a-f]{24}$/;
const stageId = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([0-9a-f]{24})$/i;

const byUuid = { pattern: uuid, type: 'uuid', field: 'id' } as const;
const byObjectId = { pattern: objectId, type: 'text', field: 'id' } as const;

/** How each model is found by its id. An id that does not look like one is not asked for. */
const identities = {
  Repository: byUuid,
  Build: byUuid,
  BuildLog: { pattern: uuid, type: 'uuid', field: 'buildId' },
  Stage: { pattern: stageId, type: 'text', field: 'key' },
  Submission: byObjectId,
  Invocation: byUuid,
  TestCase: byObjectId,
  TestCaseAlias: { pattern: objectId, type: 'text', field: 'aliasId' },
  TestResult: byObjectId,
  FlakyTest: { pattern: objectId, type: 'text', field: 'testCaseId' },
  FixAttempt: { pattern: objectId, type: 'text', field: 'testCaseId' },
  Quarantine: { pattern: objectId, type: 'text', field: 'testCaseId' },
  QuarantineEvent: byUuid,
  ExcludedResult: { pattern: objectId, type: 'text', field: 'resultId' },
  Agent: byUuid,
  CoverageReport: byUuid,
  SecurityReport: byUuid,
  WebhookSource: byUuid,
  WebhookDelivery: byUuid,
  WebhookEndpoint: byUuid,
  OutgoingWebhookMessage: byUuid,
  OutgoingWebhookDelivery: byUuid,
} as const satisfies Record<RowModel, { pattern: RegExp; type: string; field: string }>;

/**
 * Gives the rows named by the keys, in their order, null for what is not there or not the tenant's:
 * one statement for any number of rows of any models.
 */
export async function rows(
  { db, tenant }: ServiceContext,
  keys: readonly RowKey[],
): Promise<(object | null)[]> {
  const asked = new Map<RowModel, Set<string>>();
  for (const { model, id } of keys) {
    if (!identities[model].pattern.test(id)) continue;
    const ids = asked.get(model) ?? new Set();
    asked.set(model, ids.add(canonical(model, id)));
  }
  if (asked.size === 0) return keys.map(() => null);

  const parts = [...asked].map(([model, ids]) => part(tenant.organizationId, model, [...ids]));
  const found = await db.read<{ model: RowModel; row: Record<string, unknown> }>(
    parts.reduce((left, right) => sql`${left} UNION ALL ${right}`),
  );
  const byKey = new Map(
    found.map(({ model, row }) => [`${model} ${idOf(model, row)}`, reviveRow(model, row)]),
  );
  return keys.map(({ model, id }) => byKey.get(`${model} ${canonical(model, id)}`) ?? null);
}

/** Uuids are the same in any letter case. */
function canonical(model: RowModel, id: string): string {
  return identities[model].pattern === objectId ? id : id.toLowerCase();
}

function part(organizationId: string, model: RowModel, ids: readonly string[]): Sql {
  return sql`SELECT ${model} AS model, row_to_json(found) AS row FROM (
    SELECT ${jsonSelectList(model, fieldsOf(model))} FROM ${named(organizationId, model, ids)}) found`;
}

/** The rows with the ids, under the alias `t`. */
function named(organizationId: string, model: RowModel, ids: readonly string[]): Sql {
  const table = tableOf(model);
  const own = sql`t.organization_id = ${organizationId}::uuid`;
  if (model === 'Stage') {
    const builds = ids.map((id) => id.replace(stageId, '$1'));
    const keys = ids.map((id) => id.replace(stageId, '$2'));
    return sql`${table} WHERE ${own} AND (t.build_id, t.key) IN (
      SELECT * FROM unnest(${builds}::uuid[], ${keys}::text[]))`;
  }
  if (model === 'TestResult') {
    // The id begins with the second of recorded_at: one short range of one partition for each.
    return sql`unnest(${ids}::text[], ${ids.map(recordedSecond)}::timestamptz[]) AS asked (id, second)
      CROSS JOIN LATERAL (SELECT * FROM ${table} WHERE ${own} AND t.id = asked.id
        AND t.recorded_at >= asked.second AND t.recorded_at < asked.second + interval '1 second') t`;
  }
  const { field, type } = identities[model];
  return sql`${table} WHERE ${own} AND ${column(field)} = ANY (${ids}::${verbatim(type)}[])`;
}

function idOf(model: RowModel, row: Record<string, unknown>): string {
  if (model === 'Stage') return `${String(row['buildId'])}:${String(row['key'])}`;
  return String(row[identities[model].field]);
}
