import { fieldsOf, selectList } from '../db/columns.ts';
import type { Build } from '../db/generated/prisma/client.ts';
import { type Queryable, query, type Sql, sql } from '../db/sql.ts';
import type { BuildIdentity } from '../domain/build-identity.ts';
import { hashUuid } from '../domain/object-id.ts';
import { buildLock } from './lock-order.ts';

/** A run of a CI system, as several reporters of it name it. */
export interface Run {
  readonly organizationId: string;
  readonly repositoryId: string | null;
  readonly source: string | null;
  readonly externalRunId: string | null;
}

/** Names of the locks that reporters of one run take in turn. */
export function runLock(run: Run): string[] {
  if (!isComplete(run)) return [];
  const { organizationId, repositoryId, source, externalRunId } = run;
  return [buildLock(organizationId, `of run ${[repositoryId, source, externalRunId].join(' ')}`)];
}

/**
 * Gives the build of the run that another reporter has stored: a run reported by a client that chose its build's id
 * and by a webhook that knows only the run is one build (Contract: buildbutler.md 8 rule 5, 12 item 12). The first
 * client to name the run shares the webhook's build; further ones (matrix legs, attempts) have builds of their own.
 */
export async function buildOfRun(
  tx: Queryable,
  run: Run,
  identity: BuildIdentity,
): Promise<Build | undefined> {
  if (!isComplete(run)) return undefined;
  if (identity.id === null) {
    const [first] = await select(tx, run, sql`natural_key IS NULL`);
    return first;
  }
  if (identity.naturalKey !== null) return undefined; // recognised by itself, not by its run
  const unclaimed = sql`natural_key IS NOT NULL AND NOT EXISTS (
    SELECT FROM build_aliases a WHERE a.organization_id = t.organization_id AND a.build_id = t.id)`;
  const builds = await select(tx, run, unclaimed);
  // One with an id of its own is the build of a client already.
  return builds.find(({ id, naturalKey }) => naturalKey !== null && id === hashUuid([naturalKey]));
}

function isComplete({ repositoryId, source, externalRunId }: Run): boolean {
  return repositoryId !== null && source !== null && externalRunId !== null;
}

function select(tx: Queryable, run: Run, condition: Sql): Promise<Build[]> {
  return query<Build>(
    tx,
    sql`SELECT ${selectList(fieldsOf('Build'))} FROM builds t
      WHERE t.organization_id = ${run.organizationId}::uuid AND t.external_run_id = ${run.externalRunId}
        AND t.repository_id = ${run.repositoryId}::uuid AND t.source = ${run.source} AND ${condition}
      ORDER BY created_at, id LIMIT 10 FOR NO KEY UPDATE`,
  );
}
