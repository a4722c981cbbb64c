import { fieldsOf, selectList } from '../db/columns.ts';
import type { Build } from '../db/generated/prisma/client.ts';
import { type Queryable, query, type Sql, sql } from '../db/sql.ts';
import { NotFoundError } from '../errors.ts';

/**
 * Gives the build known by the id, the one it was sent with or any other.
 *
 * @throws {NotFoundError} if there is none in the tenant's organization
 */
export async function requireBuild(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<Build> {
  const [build] = await query<Build>(tx, byAnyId(organizationId, id));
  return present(build, id);
}

/** Gives the build known by the id, if any; until the transaction ends nobody else changes it. */
export async function holdBuild(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<Build | undefined> {
  const [build] = await query<Build>(
    tx,
    sql`${byAnyId(organizationId, id)} FOR NO KEY UPDATE OF t`,
  );
  return build;
}

/**
 * Like `holdBuild`.
 *
 * @throws {NotFoundError} if there is none in the tenant's organization
 */
export async function requireHeldBuild(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<Build> {
  return present(await holdBuild(tx, organizationId, id), id);
}

function byAnyId(organizationId: string, id: string): Sql {
  return sql`SELECT ${selectList(fieldsOf('Build'))} FROM builds t
    WHERE t.organization_id = ${organizationId}::uuid AND t.id IN (
      SELECT ${id}::uuid UNION ALL
      SELECT build_id FROM build_aliases
      WHERE organization_id = ${organizationId}::uuid AND alias = ${id}::uuid)
    ORDER BY t.id = ${id}::uuid DESC LIMIT 1`;
}

function present(build: Build | undefined, id: string): Build {
  if (build === undefined) throw new NotFoundError(`there is no build ${id}`);
  return build;
}
