import { type Queryable, query, sql } from '../db/sql.ts';

/** Channel on which every change of a build is announced, to this gateway and to others. */
export const buildsChannel = 'buildatlas_builds';

export interface BuildChange {
  readonly organizationId: string;
  readonly repositoryId: string | null;
  readonly buildId: string;
}

/** Announces that a build changed, when and only if the transaction commits. */
export async function notifyBuild(tx: Queryable, change: BuildChange): Promise<void> {
  await query(tx, sql`SELECT pg_notify(${buildsChannel}, ${JSON.stringify(change)})`);
}
