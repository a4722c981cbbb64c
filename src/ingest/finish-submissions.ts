import type { UploadContext } from '../context.ts';
import { query, sql } from '../db/sql.ts';
import { ConflictError } from '../errors.ts';
import { systemTenant } from '../identity/system-tenant.ts';
import { closeSubmission } from './close-submission.ts';
import { reprocessSubmission } from './reprocess-submission.ts';

/** An upload that is read by a gateway that lives is done long before. */
const abandonedAfter = sql`interval '15 minutes'`;
const mostAtOnce = 20;
const lost = 'The gateway ended before it had kept the files: send them again.';

/**
 * Reads uploads whose gateway ended before it had read them: their files were kept first, else they are FAILED. One that
 * cannot be read this time either is logged and tried again the next.
 */
export async function finishSubmissions(system: Omit<UploadContext, 'tenant'>): Promise<void> {
  const abandoned = await query<{ organizationId: string; id: string }>(
    system.db.pool,
    sql`SELECT organization_id AS "organizationId", id FROM submissions s
      WHERE status = 'PROCESSING' AND created_at < ${system.now()}::timestamptz - ${abandonedAfter}
        AND raw_expires_at IS NOT NULL
      ORDER BY organization_id, created_at LIMIT ${mostAtOnce}`,
  );
  for (const { organizationId, id } of abandoned) {
    const ctx = { ...system, tenant: systemTenant(organizationId) };
    try {
      await reprocessSubmission(ctx, id);
    } catch (error) {
      if (error instanceof ConflictError) {
        await closeSubmission(system.db.pool, { organizationId, id }, lost);
        continue;
      }
      system.log.error({ err: error, submissionId: id }, 'an upload could not be read again');
    }
  }
}
