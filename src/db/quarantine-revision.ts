import { type Queryable, query, sql } from './sql.ts';

/** Lets runners know that the lists of these repositories may be other ones now. */
export async function reviseQuarantines(
  tx: Queryable,
  organizationId: string,
  repositoryIds: readonly string[],
): Promise<void> {
  await query(
    tx,
    sql`INSERT INTO quarantine_revisions AS t (organization_id, repository_id, revision)
      SELECT DISTINCT ${organizationId}::uuid, id, 1 FROM unnest(${repositoryIds}::uuid[]) AS changed (id)
      ON CONFLICT (organization_id, repository_id) DO UPDATE SET revision = t.revision + 1`,
  );
}
