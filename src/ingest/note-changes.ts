import type { Build } from '../db/generated/prisma/client.ts';
import { type Queryable, query, sql } from '../db/sql.ts';

/** Results of one event at most: what the analytics works on at once. */
export const mostOfEvent = 10_000;

/**
 * Lets the analytics count the build where it stands now: of its job and repository. Also where it stood before.
 *
 * @param known the build as it was; undefined for one that is new
 */
export async function noteBuild(
  tx: Queryable,
  build: Build,
  known: Build | undefined,
): Promise<void> {
  const isMoved =
    known !== undefined &&
    (known.jobName !== build.jobName || known.repositoryId !== build.repositoryId);
  const before = isMoved ? [known] : [];
  await query(
    tx,
    sql`INSERT INTO analytics_events (organization_id, kind, build_id, repository_id, names, recorded_ats)
      VALUES (${build.organizationId}::uuid, 'BUILD', ${build.id}::uuid, ${isMoved ? known.repositoryId : null}::uuid,
        ${before.map(({ jobName }) => jobName)}::text[], ${before.map(({ recordedAt }) => recordedAt)}::timestamptz[])`,
  );
}

/** Lets the analytics count the stages of the build. */
export async function noteStages(tx: Queryable, { organizationId, id }: Build): Promise<void> {
  await query(
    tx,
    sql`INSERT INTO analytics_events (organization_id, kind, build_id)
      VALUES (${organizationId}::uuid, 'STAGES', ${id}::uuid)`,
  );
}
