import { noRepository } from '../db/no-repository.ts';
import { query, sql } from '../db/sql.ts';
import { quarterOf } from './build-places.ts';
import { type Engine, runPass } from './run-pass.ts';

/** Quarters of an hour of one event. */
const placesOfEvent = 200;

/** Works out anew the totals of all builds and stages of an organization, and those of builds that are no longer there. */
export async function rebuildBuilds(engine: Engine, organizationId: string): Promise<void> {
  const own = sql`organization_id = ${organizationId}::uuid`;
  await query(
    engine.db.pool,
    sql`INSERT INTO analytics_events (organization_id, kind, repository_id, names, recorded_ats)
      SELECT ${organizationId}::uuid, 'BUILD', repository_id, array_agg(job_name), array_agg(starts_at) FROM (
        SELECT *, (row_number() OVER (PARTITION BY repository_id ORDER BY job_name, starts_at) - 1) / ${placesOfEvent}::int AS part
        FROM (SELECT repository_id, job_name, ${quarterOf(sql`recorded_at`)} AS starts_at
            FROM builds WHERE ${own}
          UNION SELECT nullif(repository_key, ${noRepository}), job_name, starts_at
            FROM job_quarters WHERE ${own}
          UNION SELECT nullif(repository_key, ${noRepository}), job_name, starts_at
            FROM stage_quarters WHERE ${own}) places) numbered
      GROUP BY repository_id, part`,
  );
  while (await runPass(engine, organizationId));
}
