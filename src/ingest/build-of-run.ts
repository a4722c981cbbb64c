import { fieldsOf, selectList } from '../db/columns.ts';
import type { Build } from '../db/generated/prisma/client.ts';
import { type Queryable, query, type Sql, sql } from '../db/sql.ts';
import type { BuildIdentity } from '../domain/build-identity.ts';
import { isHashUuid } from '../domain/object-id.ts';
import { hasServerWideRunIds } from '../domain/ci-source.ts';
import { buildLock } from './lock-order.ts';

/** A run of a CI system, as several reporters of it name it. */
export interface Run {
  readonly organizationId: string;
  readonly repositoryId: string | null;
  readonly source: string | null;
  readonly externalRunId: string | null;
  /** Host of the CI server, where it is known. */
  readonly server: string | null;
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
 * A webhook about a job of the run may not know the workflow, which is the instance: it means the run all the same.
 */
export async function buildOfRun(
  tx: Queryable,
  run: Run,
  identity: BuildIdentity,
): Promise<Build | undefined> {
  if (!isComplete(run)) return undefined;
  if (identity.id === null) {
    const [first] = await select(tx, run, sql`true`);
    return first;
  }
  if (identity.naturalKey !== null) return undefined; // recognised by itself, not by its run
  const unclaimed = sql`natural_key IS NOT NULL AND NOT EXISTS (
    SELECT FROM build_aliases a WHERE a.organization_id = t.organization_id AND a.build_id = t.id)`;
  const builds = await select(tx, run, unclaimed);
  // One with an id that a client chose is the build of that client already.
  return builds.find(({ id }) => isHashUuid(id));
}

function isComplete({ repositoryId, source, externalRunId }: Run): boolean {
  return (
    repositoryId !== null &&
    externalRunId !== null &&
    source !== null &&
    hasServerWideRunIds(source)
  );
}

function select(tx: Queryable, run: Run, condition: Sql): Promise<Build[]> {
  return query<Build>(
    tx,
    sql`SELECT ${selectList(fieldsOf('Build'))} FROM builds t
      WHERE t.organization_id = ${run.organizationId}::uuid AND t.external_run_id = ${run.externalRunId}
        AND t.repository_id = ${run.repositoryId}::uuid AND t.source = ${run.source}
        AND (t.server = ${run.server} OR t.server IS NULL OR ${run.server}::text IS NULL) AND ${condition}
      ORDER BY natural_key IS NULL, created_at, id LIMIT 10 FOR NO KEY UPDATE`,
  );
}
