import { noteUploads } from '../db/note-analytics.ts';
import { hasFailed } from '../db/outcome-rules.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import { rebuildBuilds } from './rebuild-builds.ts';
import { type Engine, runPass } from './run-pass.ts';

/** How far a rebuild has come. */
export interface RebuildProgress {
  readonly doneTests: number;
  readonly totalTests: number;
}

const testsAtOnce = 500;
const daysAtOnce = 10;

/**
 * Works out all analytics of an organization anew from its facts, a few hundred tests at a time, each time in the same
 * pass that takes in what is new: readers see old or new rows, never none, and ingest goes on.
 */
export async function rebuildAnalytics(
  engine: Engine,
  organizationId: string,
  onProgress: (progress: RebuildProgress) => void,
): Promise<void> {
  const { pool } = engine.db;
  const [counted] = await query<{ count: bigint }>(
    pool,
    sql`SELECT count(*) AS count FROM test_cases WHERE organization_id = ${organizationId}::uuid`,
  );
  const totalTests = Number(counted?.count ?? 0);
  let doneTests = 0;
  for (let last = ''; ;) {
    const [noted]: { last: string | null; count: bigint }[] = await query(
      pool,
      sql`WITH asked AS (SELECT id FROM test_cases WHERE organization_id = ${organizationId}::uuid AND id > ${last}
          ORDER BY id LIMIT ${testsAtOnce}),
        noted AS (INSERT INTO analytics_events (organization_id, kind, test_case_ids)
          SELECT ${organizationId}::uuid, 'TEST_CASES', array_agg(id) FROM asked HAVING count(*) > 0)
        SELECT max(id) AS last, count(*) AS count FROM asked`,
    );
    if (noted?.last == null) break;
    await settle(engine, organizationId);
    last = noted.last;
    doneTests += Number(noted.count);
    onProgress({ doneTests, totalTests });
  }
  await rebuildOutages(engine, organizationId);
  await rebuildDays(engine, organizationId);
  await rebuildBuilds(engine, organizationId);
}

/** Uploads with failures, and those of which an outage is known. */
async function rebuildOutages(engine: Engine, organizationId: string): Promise<void> {
  await inTransaction(engine.db.pool, async (tx) => {
    await noteUploads(tx, organizationId, hasFailed('r'));
    await query(
      tx,
      sql`INSERT INTO analytics_events (organization_id, kind, names)
        SELECT ${organizationId}::uuid, 'UPLOADS', array_agg(DISTINCT upload) FROM suite_outages
        WHERE organization_id = ${organizationId}::uuid HAVING count(*) > 0`,
    );
  });
  await settle(engine, organizationId);
}

/** Days on which a repository has results, or totals of results that are gone. */
async function rebuildDays(engine: Engine, organizationId: string): Promise<void> {
  const days = await query<{ repositoryId: string; at: Date }>(
    engine.db.pool,
    sql`SELECT DISTINCT repository_id AS "repositoryId", date_trunc('day', starts_at, 'UTC') AS at FROM result_quarters
      WHERE organization_id = ${organizationId}::uuid
      UNION SELECT DISTINCT repository_id, day::timestamp AT TIME ZONE 'UTC' FROM test_days
      WHERE organization_id = ${organizationId}::uuid ORDER BY 1, 2`,
  );
  for (let start = 0; start < days.length; start += daysAtOnce) {
    const part = days.slice(start, start + daysAtOnce);
    await query(
      engine.db.pool,
      sql`INSERT INTO analytics_events (organization_id, kind, repository_id, recorded_ats)
        SELECT ${organizationId}::uuid, 'DAYS', repository_id, array_agg(at)
        FROM unnest(${part.map(({ repositoryId }) => repositoryId)}::uuid[],
          ${part.map(({ at }) => at)}::timestamptz[]) AS asked (repository_id, at) GROUP BY repository_id`,
    );
    await settle(engine, organizationId);
  }
}

async function settle(engine: Engine, organizationId: string): Promise<void> {
  while (await runPass(engine, organizationId));
}
