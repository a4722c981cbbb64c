import { fieldsOf, selectList } from '../db/columns.ts';
import type { Build } from '../db/generated/prisma/client.ts';
import { type Queryable, query, sql } from '../db/sql.ts';
import { NotFoundError } from '../errors.ts';

/** Gives the build known by the id, the one it was sent with or any other; undefined if there is none. */
export async function findBuild(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<Build | undefined> {
  const [build] = await query<Build>(
    tx,
    sql`SELECT ${selectList(fieldsOf('Build'))} FROM builds t
      WHERE t.organization_id = ${organizationId}::uuid AND t.id IN (
        SELECT ${id}::uuid UNION ALL
        SELECT build_id FROM build_aliases
        WHERE organization_id = ${organizationId}::uuid AND alias = ${id}::uuid)
      ORDER BY t.id = ${id}::uuid DESC LIMIT 1`,
  );
  return build;
}

/**
 * Gives the build known by the id.
 *
 * @throws {NotFoundError} if there is none in the tenant's organization
 */
export async function requireBuild(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<Build> {
  const build = await findBuild(tx, organizationId, id);
  if (build === undefined) throw new NotFoundError(`there is no build ${id}`);
  return build;
}
