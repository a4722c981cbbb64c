import type { ServiceContext } from '../context.ts';
import { fieldsOf, type RowOf, selectList } from '../db/columns.ts';
import type { Build } from '../db/generated/prisma/client.ts';
import { inTransaction, type Queryable, query, sql } from '../db/sql.ts';
import { NotFoundError } from '../errors.ts';
import { requireHeldBuild } from './find-build.ts';
import type { LogIndex } from './index-log.ts';
import { insertRows } from './insert-rows.ts';
import { fasten, loosen } from './loose-blobs.ts';
import type { LogMembers } from './pack-log.ts';

/** A log whose text is in the blob store, and loose. Plain data: it can be held. */
export interface KeptLog extends LogIndex, LogMembers {
  readonly buildId: string;
  readonly blobKey: string;
  readonly storedBytes: number;
  readonly receivedAt: Date;
}

export interface AttachedLog {
  readonly build: Build;
  readonly log: RowOf['BuildLog'];
  /** Key of a blob that is loose now. */
  readonly replaced: string | null;
}

/**
 * Makes a kept log the log of its build, in place of the one it had.
 *
 * @throws {NotFoundError} if there is no such build
 */
export async function attachBuildLog(ctx: ServiceContext, kept: KeptLog): Promise<AttachedLog> {
  return inTransaction(ctx.db.pool, async (tx) => {
    // Held until the end: two logs of one build come one after the other.
    const build = await requireHeldBuild(tx, ctx.tenant.organizationId, kept.buildId);
    const replaced = await replaceLog(tx, build, kept, ctx.now());
    return { build, log: await readLog(tx, build), replaced };
  });
}

/**
 * The same for a log that was held: one that came later, with the build or after it, stays. Done twice it is done once.
 *
 * @throws {NotFoundError} if there is no such build
 */
export async function attachHeldLog(ctx: ServiceContext, kept: KeptLog): Promise<undefined> {
  const { organizationId } = ctx.tenant;
  await inTransaction(ctx.db.pool, async (tx) => {
    // Held until the end: what comes later meanwhile waits, and then replaces this one.
    const build = await requireHeldBuild(tx, organizationId, kept.buildId);
    const [known] = await query<{ isNewer: boolean; isSame: boolean }>(
      tx,
      sql`SELECT created_at > ${kept.receivedAt}::timestamptz AS "isNewer", blob_key = ${kept.blobKey} AS "isSame"
        FROM build_logs WHERE organization_id = ${organizationId}::uuid AND build_id = ${build.id}::uuid`,
    );
    if (known?.isSame === true) return;
    if (known?.isNewer === true) await loosen(tx, organizationId, kept.blobKey, ctx.now());
    else await replaceLog(tx, build, kept, ctx.now());
  });
}

/** Gives the key of the blob that is loose now. */
async function replaceLog(
  tx: Queryable,
  build: Build,
  kept: KeptLog,
  now: Date,
): Promise<string | null> {
  const { organizationId } = build;
  const replaced = await removeLog(tx, build);
  await writeLog(tx, build, kept);
  if (replaced !== null) await loosen(tx, organizationId, replaced, now);
  if (!(await fasten(tx, organizationId, kept.blobKey))) throw new NotFoundError('the log is gone');
  return replaced;
}

/** Gives the key of its blob; the sections go with it. */
async function removeLog(tx: Queryable, { organizationId, id }: Build): Promise<string | null> {
  const [removed] = await query<{ key: string }>(
    tx,
    sql`DELETE FROM build_logs WHERE organization_id = ${organizationId}::uuid AND build_id = ${id}::uuid
      RETURNING blob_key AS key`,
  );
  return removed?.key ?? null;
}

async function writeLog(tx: Queryable, { organizationId, id }: Build, log: KeptLog): Promise<void> {
  await query(
    tx,
    sql`INSERT INTO build_logs (organization_id, build_id, blob_key, size_bytes, stored_bytes, line_count,
        member_offsets, member_positions, member_lines, created_at)
      VALUES (${organizationId}::uuid, ${id}::uuid, ${log.blobKey}, ${log.sizeBytes}, ${log.storedBytes},
        ${log.lineCount}, ${log.memberOffsets}::bigint[], ${log.memberPositions}::bigint[],
        ${log.memberLines}::bigint[], ${log.receivedAt}::timestamptz)`,
  );
  const sections = log.sections.map((section) => ({ organizationId, buildId: id, ...section }));
  await insertRows(tx, 'BuildLogSection', sections);
}

async function readLog(tx: Queryable, { organizationId, id }: Build): Promise<RowOf['BuildLog']> {
  const [log] = await query<RowOf['BuildLog']>(
    tx,
    sql`SELECT ${selectList(fieldsOf('BuildLog'))} FROM build_logs t
      WHERE t.organization_id = ${organizationId}::uuid AND t.build_id = ${id}::uuid`,
  );
  if (log === undefined) throw new Error('a log that was written is not there');
  return log;
}
