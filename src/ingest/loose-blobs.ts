import type { SpooledFile } from '../blobs/spool.ts';
import type { UploadContext } from '../context.ts';
import { inTransaction, type Queryable, query, sql } from '../db/sql.ts';
import { dayMs } from '../domain/time.ts';

const mostAtOnce = 500;

/**
 * Copies a file to the blob store, where it stays until it is fastened to a row, or for a day longer than messages are
 * held. It is known before it is written: whatever happens, it is not forgotten.
 */
export async function keepLoose(
  { db, tenant, uploads, now }: UploadContext,
  blobKey: string,
  file: SpooledFile,
): Promise<void> {
  const removeAt = new Date(now().getTime() + (uploads.keptDays + 1) * dayMs);
  await loosen(db.pool, tenant.organizationId, blobKey, removeAt);
  await uploads.blobs.putFile(blobKey, file.path);
}

/** Notes that no row will point to a blob when this transaction has ended. */
export async function loosen(
  tx: Queryable,
  organizationId: string,
  blobKey: string,
  removeAt: Date,
): Promise<void> {
  await query(
    tx,
    sql`INSERT INTO loose_blobs AS b (organization_id, blob_key, remove_at)
      VALUES (${organizationId}::uuid, ${blobKey}, ${removeAt})
      ON CONFLICT (organization_id, blob_key) DO UPDATE SET remove_at = EXCLUDED.remove_at`,
  );
}

/** Notes that a row points to a blob when this transaction has ended; false when the blob is not there to be pointed to. */
export async function fasten(
  tx: Queryable,
  organizationId: string,
  blobKey: string,
): Promise<boolean> {
  const found = await query(
    tx,
    sql`DELETE FROM loose_blobs WHERE organization_id = ${organizationId}::uuid AND blob_key = ${blobKey}
      RETURNING blob_key`,
  );
  return found.length > 0;
}

type System = Omit<UploadContext, 'tenant'>;

/** Removes a blob that is loose; if it cannot be removed now, that is done later. */
export async function removeLoose(
  { db, uploads, log }: System,
  organizationId: string,
  blobKey: string,
): Promise<void> {
  try {
    await inTransaction(db.pool, async (tx) => {
      // The row is locked until the blob is gone: nobody fastens it meanwhile.
      if (await fasten(tx, organizationId, blobKey)) await uploads.blobs.remove(blobKey);
    });
  } catch (error) {
    log.warn({ err: error, blobKey }, 'a blob could not be removed');
  }
}

/** Removes blobs whose time is over. */
export async function removeLooseBlobs(system: System): Promise<void> {
  const { db, now } = system;
  const due = await query<{ organizationId: string; blobKey: string }>(
    db.pool,
    sql`SELECT organization_id AS "organizationId", blob_key AS "blobKey" FROM loose_blobs
      WHERE remove_at < ${now()} LIMIT ${mostAtOnce}`,
  );
  for (const { organizationId, blobKey } of due) await removeLoose(system, organizationId, blobKey);
}
