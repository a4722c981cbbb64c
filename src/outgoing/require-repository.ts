import { type Queryable, query, sql } from '../db/sql.ts';
import { NotFoundError } from '../errors.ts';

/** @throws {NotFoundError} when the organization has no repository with this id */
export async function requireRepository(
  tx: Queryable,
  organizationId: string,
  repositoryId: string | null | undefined,
): Promise<void> {
  if (repositoryId == null) return;
  const found = await query(
    tx,
    sql`SELECT 1 FROM repositories WHERE organization_id = ${organizationId}::uuid AND id = ${repositoryId}::uuid`,
  );
  if (found.length === 0) throw new NotFoundError('There is no repository with this id.');
}
