import type { UploadContext } from '../context.ts';
import { query, sql } from '../db/sql.ts';
import { ConflictError, DomainError } from '../errors.ts';
import { systemTenant } from '../identity/system-tenant.ts';
import { closeSubmission } from './close-submission.ts';
import { reprocessSubmission } from './reprocess-submission.ts';

/** An upload that is read by a gateway that lives is done long before. */
const abandonedAfter = sql`interval '15 minutes'`;
const mostAtOnce = 20;

/**
 * Reads uploads whose gateway ended before it had read them: their files were kept first. One that cannot be read now
 * either is FAILED, so that it does not stand in the way of others.
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
      await closeSubmission(system.db.pool, { organizationId, id }, reasonOf(error));
      if (error instanceof DomainError) continue;
      system.log.error({ err: error, submissionId: id }, 'an upload could not be read again');
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ConflictError) {
    return 'The gateway ended before it had kept the files: send them again.';
  }
  if (error instanceof DomainError) return error.message;
  return 'The gateway ended, and later could not read the files: see its log. They are kept: reprocessSubmission reads them.';
}
