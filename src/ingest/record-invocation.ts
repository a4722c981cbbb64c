import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { fieldsOf, selectList } from '../db/columns.ts';
import type { Invocation } from '../db/generated/prisma/client.ts';
import { InvocationStatus, TargetStatus } from '../db/generated/prisma/enums.ts';
import { lockNames } from '../db/lock.ts';
import { inTransaction, type Queryable, query, sql } from '../db/sql.ts';
import { laterOf, toRecords, upsertRows } from '../db/upsert.ts';
import { count, instant, list, RepositoryInput, uuid } from '../domain/fields.ts';
import { mergeKnown } from '../domain/merge.ts';
import { parseInput } from '../domain/parse-input.ts';
import { name, text } from '../domain/text.ts';
import { futureIssues } from '../domain/time.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { ensureRepository } from './ensure-repository.ts';
import { holdInvocationFacts, passOnInvocation } from './pass-on-facts.ts';
import { type Reject, sortItems } from './rejects.ts';

const TargetInput = z.object({
  label: name(),
  ruleType: text().nullish(),
  status: z.enum(TargetStatus),
  tags: list(text(), 100).nullish(),
  durationUs: count.nullish(),
  startedAt: instant.nullish(),
});

const RecordInvocationInput = z.object({
  id: uuid,
  repository: RepositoryInput.nullish(),
  command: text().nullish(),
  patterns: list(text(2048), 10_000).nullish(),
  user: text().nullish(),
  host: text().nullish(),
  role: text(64).nullish(),
  status: z.enum(InvocationStatus),
  success: z.boolean().nullish(),
  exitCode: text(128).nullish(),
  durationUs: count.nullish(),
  actionCount: count.nullish(),
  branch: text().nullish(),
  commitSha: text(128).nullish(),
  treeSha: text(128).nullish(),
  tags: list(text(), 100).nullish(),
  runId: text().nullish(),
  parentRunId: text().nullish(),
  sequenceNumber: count.nullish(),
  buildMetadata: list(z.object({ key: name(256), value: text(10_000) }), 1000).nullish(),
  startedAt: instant.nullish(),
  targets: list(z.unknown(), 100_000).nullish(),
});
export type RecordInvocationInput = Omit<z.input<typeof RecordInvocationInput>, 'targets'> & {
  readonly targets?: readonly z.input<typeof TargetInput>[] | null | undefined;
};

export interface RecordedInvocation {
  readonly invocation: Invocation;
  /** False when a known invocation was updated. */
  readonly created: boolean;
  /** Targets that were not stored. */
  readonly rejected: readonly Reject[];
}

/**
 * Stores one Bazel invocation with its targets, recognised by its id. A message with a lower sequence
 * number than one taken in before, or that the stream is open after it ended, only fills gaps.
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {ValidationError} naming each field that breaks its rule; a single bad target is a reject instead
 */
export async function recordInvocation(
  ctx: ServiceContext,
  input: RecordInvocationInput,
): Promise<RecordedInvocation> {
  requireCapability(ctx.tenant, 'INGEST');
  const now = ctx.now();
  const future = futureIssues(now, { startedAt: input.startedAt });
  const { repository, targets, startedAt, ...said } = parseInput(
    RecordInvocationInput,
    input,
    future,
  );
  const sorted = sortItems(TargetInput, targets ?? [], ['input', 'targets']);
  const { organizationId } = ctx.tenant;

  return inTransaction(ctx.db.pool, async (tx) => {
    const repositoryId = repository ? await ensureRepository(tx, organizationId, repository) : null;
    await lockNames(tx, [`invocation ${organizationId} ${said.id}`]);
    const known = await findInvocation(tx, organizationId, said.id);
    const row = toRow(said, repositoryId);
    const isLate = known !== undefined && isBehind(known, row);
    const invocation = known
      ? await learn(tx, known, update(known, row, { isLate, now }))
      : await write(tx, { ...create(row, now), organizationId, recordedAt: startedAt ?? now });

    const items = sorted.accepted.map(({ item }) => item);
    await writeTargets(tx, invocation, { items, isLate });
    return { invocation, created: known === undefined, rejected: sorted.rejected };
  });
}

async function learn(tx: Queryable, known: Invocation, next: Invocation): Promise<Invocation> {
  if (next === known) return known;
  await holdInvocationFacts(tx, known, next);
  const invocation = await write(tx, next);
  await passOnInvocation(tx, known, invocation);
  return invocation;
}

async function write(tx: Queryable, row: Partial<Invocation>): Promise<Invocation> {
  const [invocation] = await upsertRows<Invocation>(
    tx,
    'Invocation',
    [row],
    ['organizationId', 'id'],
  );
  if (invocation === undefined) throw new Error('an upsert of an invocation returned no row');
  return invocation;
}

type Said = Omit<z.output<typeof RecordInvocationInput>, 'repository' | 'targets' | 'startedAt'>;

function toRow(said: Said, repositoryId: string | null): Partial<Invocation> {
  const { durationUs, actionCount, sequenceNumber, buildMetadata, ...same } = said;
  return defined({
    ...same,
    repositoryId,
    durationUs: durationUs == null ? null : BigInt(durationUs),
    actionCount: actionCount == null ? null : BigInt(actionCount),
    sequenceNumber: sequenceNumber == null ? null : BigInt(sequenceNumber),
    buildMetadata:
      buildMetadata && Object.fromEntries(buildMetadata.map(({ key, value }) => [key, value])),
  });
}

type Stated<Row> = { [Field in keyof Row]?: NonNullable<Row[Field]> };

function defined<Row extends object>(row: Row): Stated<Row> {
  const stated = Object.entries(row).filter(([, value]) => value != null);
  return Object.fromEntries(stated) as Stated<Row>; // nothing absent is left
}

function create(said: Partial<Invocation>, now: Date): Partial<Invocation> {
  const blank = { patterns: [], tags: [], buildMetadata: {}, sequenceNumber: 0n };
  return { ...blank, ...said, createdAt: now, updatedAt: now };
}

/** Gives the known row itself when the message says nothing new. */
function update(
  known: Invocation,
  said: Partial<Invocation>,
  { isLate, now }: { readonly isLate: boolean; readonly now: Date },
): Invocation {
  const next = mergeKnown(known, said, isLate);
  return isDeepStrictEqual(next, known) ? known : { ...next, updatedAt: now };
}

/** The message is from before what is known. */
function isBehind(known: Invocation, said: Partial<Invocation>): boolean {
  if (said.sequenceNumber !== undefined && said.sequenceNumber < known.sequenceNumber) return true;
  return said.status === 'PARTIAL' && known.status !== 'PARTIAL';
}

async function findInvocation(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<Invocation | undefined> {
  const [known] = await query<Invocation>(
    tx,
    sql`SELECT ${selectList(fieldsOf('Invocation'))} FROM invocations t
      WHERE t.organization_id = ${organizationId}::uuid AND t.id = ${id}::uuid`,
  );
  return known;
}

interface SaidTargets {
  readonly items: readonly z.output<typeof TargetInput>[];
  readonly isLate: boolean;
}

async function writeTargets(
  tx: Queryable,
  { organizationId, id }: Invocation,
  { items, isLate }: SaidTargets,
): Promise<void> {
  if (items.length === 0) return;
  // One row a label, the last said: a statement cannot write one row twice.
  const byLabel = new Map(items.map((target) => [target.label, target]));
  // By the order of the enum: it is built, it has been built, it has ended somehow.
  const [said, known] = [sql`EXCLUDED`, sql`t`].map(
    (row) => sql`least(${row}.status, 'FAILED_TO_BUILD')`,
  );
  const isBefore = sql`(${said} < ${known} OR ${isLate} AND ${said} = ${known})`;
  await query(
    tx,
    sql`INSERT INTO targets AS t (organization_id, invocation_id, label, rule_type, status, tags, duration_us, started_at)
      SELECT ${organizationId}::uuid, ${id}::uuid, label, rule_type, status, coalesce(tags, '{}'), duration_us, started_at
      FROM json_populate_recordset(NULL::targets, ${toRecords([...byLabel.values()])}::json)
      ON CONFLICT (organization_id, invocation_id, label) DO UPDATE SET
        ${laterOf(['rule_type', 'status', 'duration_us', 'started_at'], isBefore)},
        tags = CASE WHEN EXCLUDED.tags = '{}' OR ${isBefore} AND t.tags <> '{}' THEN t.tags ELSE EXCLUDED.tags END`,
  );
}
