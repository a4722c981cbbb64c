import type { ServiceContext } from '../context.ts';
import type { CodeownersDialect } from '../db/generated/prisma/enums.ts';
import { lockNames } from '../db/lock.ts';
import { inTransaction, type Queryable, query, sql } from '../db/sql.ts';
import { parseCodeowners } from '../domain/codeowners.ts';
import { type OwnerFinder, ownerFinder } from '../domain/codeowners-finder.ts';
import { ownersOfFiles } from '../domain/codeowners-turns.ts';
import { type OwnerScope, type Sweep, takeTests, writeOwners } from './owner-batch.ts';

/** Name of the job that works out who owns the tests of a repository. */
export const assignOwnersJob = 'assign_owners';

type System = Pick<ServiceContext, 'db'>;

/** Queues it for a repository, when and only if the transaction commits; once, however often it is asked for. */
export async function enqueueOwners(tx: Queryable, scope: OwnerScope): Promise<void> {
  await query(
    tx,
    sql`SELECT graphile_worker.add_job(${assignOwnersJob}, ${JSON.stringify(scope)}::json,
      job_key => ${`${assignOwnersJob}:${scope.organizationId}:${scope.repositoryId}`})`,
  );
}

/** Works out the owners of tests wherever that is not done yet. Repositories where nothing is new cost a few probes. */
export async function assignAllOwners(system: System): Promise<void> {
  const due = await query<OwnerScope>(
    system.db.pool,
    sql`SELECT s.organization_id AS "organizationId", s.repository_id AS "repositoryId"
      FROM organizations o JOIN owner_sweeps s ON s.organization_id = o.id
      WHERE s.swept_id IS NOT NULL
        OR s.digest IS DISTINCT FROM (SELECT v.digest FROM codeowners_versions v
          WHERE v.organization_id = s.organization_id AND v.repository_id = s.repository_id
          ORDER BY v.recorded_at DESC, v.id DESC LIMIT 1)
        OR EXISTS (SELECT FROM unowned_tests u
          WHERE u.organization_id = s.organization_id AND u.repository_id = s.repository_id)`,
  );
  for (const scope of due) await assignOwners(system, scope);
}

/**
 * Works out who owns the tests of a repository by the latest of its CODEOWNERS files: of all tests when the file is
 * another one than the last time, else of those that are new. A thousand tests at a time, each in a transaction of its
 * own, so that it goes on where it was stopped.
 */
export async function assignOwners(system: System, scope: OwnerScope): Promise<void> {
  const finders = new Map<string, OwnerFinder>();
  const finderOf = async (tx: Queryable, digest: Buffer): Promise<OwnerFinder> => {
    const key = digest.toString('hex');
    const finder = finders.get(key) ?? (await readFinder(tx, scope, digest));
    finders.clear(); // one at a time: a file may be megabytes long
    finders.set(key, finder);
    return finder;
  };
  while (await assignSome(system, scope, finderOf));
}

async function assignSome(
  { db }: System,
  scope: OwnerScope,
  finderOf: (tx: Queryable, digest: Buffer) => Promise<OwnerFinder>,
): Promise<boolean> {
  return inTransaction(db.pool, async (tx) => {
    await lockNames(tx, [`owners ${scope.organizationId} ${scope.repositoryId}`]);
    const sweep = await sweepOf(tx, scope);
    if (sweep === null) return false;
    const tests = await takeTests(tx, scope, sweep);
    if (tests.length === 0 && sweep.after === null && !sweep.isNew) return false;

    const find = await finderOf(tx, sweep.digest);
    const files = tests.map(({ file }) => file);
    const owners = await ownersOfFiles(files, find);
    await writeOwners(tx, scope, { sweep, tests, owners });
    return true;
  });
}

/** Where the repository stands; null when it has no CODEOWNERS file. */
async function sweepOf(
  tx: Queryable,
  { organizationId, repositoryId }: OwnerScope,
): Promise<Sweep | null> {
  const [found] = await query<{
    last: Buffer | null;
    digest: Buffer | null;
    name: string | null;
    id: string | null;
  }>(
    tx,
    sql`SELECT s.digest AS last, s.swept_name AS name, s.swept_id AS id,
        (SELECT v.digest FROM codeowners_versions v
          WHERE v.organization_id = s.organization_id AND v.repository_id = s.repository_id
          ORDER BY v.recorded_at DESC, v.id DESC LIMIT 1) AS digest
      FROM owner_sweeps s
      WHERE s.organization_id = ${organizationId}::uuid AND s.repository_id = ${repositoryId}::uuid`,
  );
  if (found?.digest == null) return null;
  const { digest, last, name, id } = found;
  const isNew = last?.equals(digest) !== true;
  if (isNew) return { digest, isNew, after: { name: '', id: '' } };
  return { digest, isNew, after: name === null || id === null ? null : { name, id } };
}

async function readFinder(
  tx: Queryable,
  { organizationId }: OwnerScope,
  digest: Buffer,
): Promise<OwnerFinder> {
  const [file] = await query<{ content: string; dialect: CodeownersDialect }>(
    tx,
    sql`SELECT content, dialect FROM codeowners_files
      WHERE organization_id = ${organizationId}::uuid AND digest = ${digest}`,
  );
  if (file === undefined) throw new Error('a CODEOWNERS file has gone');
  return ownerFinder(parseCodeowners(file.content, file.dialect));
}
