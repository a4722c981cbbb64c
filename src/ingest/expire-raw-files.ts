import type { UploadContext } from '../context.ts';
import { inTransaction, query, sql } from '../db/sql.ts';

const mostAtOnce = 500;

type System = Omit<UploadContext, 'tenant'>;

/** Removes the files of uploads whose time is over; what was read of them stays. */
export async function expireRawFiles(system: System): Promise<void> {
  const { db, log, now } = system;
  for (;;) {
    const due = await query<{ organizationId: string; id: string }>(
      db.pool,
      sql`SELECT organization_id AS "organizationId", id FROM submissions
        WHERE raw_expires_at < ${now()} LIMIT ${mostAtOnce}`,
    );
    for (const { organizationId, id } of due) await expire(system, organizationId, id);
    if (due.length > 0) log.info({ submissions: due.length }, 'files of old uploads were removed');
    if (due.length < mostAtOnce) return;
  }
}

/** An upload that is sent again meanwhile has a new time before its files are kept. */
async function expire(
  { db, uploads, now }: System,
  organizationId: string,
  id: string,
): Promise<void> {
  await inTransaction(db.pool, async (tx) => {
    const due = await query(
      tx,
      sql`UPDATE submissions SET raw_expires_at = NULL
        WHERE organization_id = ${organizationId}::uuid AND id = ${id} AND raw_expires_at < ${now()}
        RETURNING id`,
    );
    if (due.length === 0) return;
    const files = await query<{ key: string }>(
      tx,
      sql`DELETE FROM raw_files WHERE organization_id = ${organizationId}::uuid AND submission_id = ${id}
        RETURNING blob_key AS key`,
    );
    for (const { key } of files) await uploads.blobs.remove(key);
  });
}
