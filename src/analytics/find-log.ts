import { BlobNotFoundError } from '../blobs/blob-store.ts';
import type { ServiceContext } from '../context.ts';
import { query, sql } from '../db/sql.ts';
import { requireCapability } from '../identity/require-capability.ts';

/** A log that is stored, with the places of the members it is packed in; numbers are safe. */
export interface StoredLog {
  readonly organizationId: string;
  readonly buildId: string;
  readonly blobKey: string;
  readonly sizeBytes: number;
  readonly storedBytes: number;
  readonly lineCount: number;
  /** Of each member: where its text begins in the log. */
  readonly memberOffsets: readonly number[];
  /** Of each member: where it begins in the blob. */
  readonly memberPositions: readonly number[];
  /** Of each member: how many lines end before it. */
  readonly memberLines: readonly number[];
}

type Row = Pick<StoredLog, 'organizationId' | 'buildId' | 'blobKey'> &
  Readonly<Record<'sizeBytes' | 'storedBytes' | 'lineCount', bigint>> &
  Readonly<Record<'memberOffsets' | 'memberPositions' | 'memberLines', readonly string[]>>;

/**
 * Gives the log of the build known by the id, the one it was sent with or any other; null if there is none, or it is
 * another organization's.
 *
 * @throws {ForbiddenError} without the `READ` capability
 */
async function findLog({ db, tenant }: ServiceContext, buildId: string): Promise<StoredLog | null> {
  requireCapability(tenant, 'READ');
  const { organizationId } = tenant;
  const [row] = await query<Row>(
    db.pool,
    sql`SELECT organization_id AS "organizationId", build_id AS "buildId", blob_key AS "blobKey",
        size_bytes AS "sizeBytes", stored_bytes AS "storedBytes", line_count AS "lineCount",
        member_offsets::text[] AS "memberOffsets", member_positions::text[] AS "memberPositions",
        member_lines::text[] AS "memberLines"
      FROM build_logs WHERE organization_id = ${organizationId}::uuid AND build_id IN (
        SELECT ${buildId}::uuid UNION ALL
        SELECT build_id FROM build_aliases
        WHERE organization_id = ${organizationId}::uuid AND alias = ${buildId}::uuid)
      ORDER BY build_id = ${buildId}::uuid DESC LIMIT 1`,
  );
  return row === undefined ? null : toLog(row);
}

/**
 * Reads of the log of a build. A log that is replaced at that moment is looked up again.
 *
 * @throws {ForbiddenError} without the `READ` capability
 */
export async function readLog<Result>(
  ctx: ServiceContext,
  buildId: string,
  read: (log: StoredLog) => Promise<Result>,
): Promise<Result | null> {
  const log = await findLog(ctx, buildId);
  if (log === null) return null;
  try {
    return await read(log);
  } catch (error) {
    if (!(error instanceof BlobNotFoundError)) throw error;
    const next = await findLog(ctx, buildId);
    if (next === null || next.blobKey === log.blobKey) throw error;
    return read(next);
  }
}

function toLog({ organizationId, buildId, blobKey, ...row }: Row): StoredLog {
  return {
    organizationId,
    buildId,
    blobKey,
    sizeBytes: Number(row.sizeBytes),
    storedBytes: Number(row.storedBytes),
    lineCount: Number(row.lineCount),
    memberOffsets: row.memberOffsets.map(Number),
    memberPositions: row.memberPositions.map(Number),
    memberLines: row.memberLines.map(Number),
  };
}
