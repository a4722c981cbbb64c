import type { ServiceContext } from '../context.ts';
import { noRepositoryId } from '../db/no-repository.ts';
import { empty, type Sql, sql, verbatim } from '../db/sql.ts';
import { decodeCursor, encodeCursor } from '../domain/cursor.ts';
import { storableText } from '../domain/text.ts';
import type { Derivation } from './page-request.ts';
import type { Page } from './pages.ts';
import { requireFirst } from './require-first.ts';

/** A job, as builds name it. */
export interface Job {
  /** `<repository or zeros> <name>`: what its statistics are asked by. */
  readonly key: string;
  readonly name: string;
  /** Null for builds without a repository. */
  readonly repositoryId: string | null;
}

export interface JobsQuestion {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  /** False leaves `totalCount` at 0: to count reads an index for every job there is. True when absent. */
  readonly totalCount?: boolean;
}

/** A page of jobs as JSON of Postgres. */
export interface FoundJobs {
  readonly totalCount: number;
  readonly found: readonly { readonly name: string; readonly repositoryKey: string }[] | null;
}

const list = 'Job';
const order = 'NAME';

/**
 * The jobs that builds of a repository were counted of, by name, a scalar subquery that gives `FoundJobs`.
 *
 * @throws {ValidationError} for a page size or a cursor that breaks a rule
 */
export function jobsOfRepository(question: JobsQuestion): Derivation {
  const page = pageOf(question);
  return (organizationId, repositoryId) =>
    found(
      sql`q.organization_id = ${organizationId}::uuid AND q.repository_key = ${repositoryId}`,
      page,
    );
}

/** The job of a repository with this name, if builds of it were counted; a scalar subquery that gives `Job` or null. */
export function jobOfRepository(name: string): Derivation {
  return (organizationId, repositoryId) =>
    sql`(SELECT json_build_object('key', q.repository_key || ' ' || q.job_name, 'name', q.job_name,
        'repositoryId', q.repository_key)
      FROM job_quarters q WHERE q.organization_id = ${organizationId}::uuid AND q.repository_key = ${repositoryId}
        AND q.job_name = ${storableText(name)} LIMIT 1)`;
}

/**
 * Gives the jobs that builds were counted of, by name and repository, also those of builds without one. A keyset page:
 * names are found one after the other in an index, so that the number of builds does not matter.
 *
 * @throws {ValidationError} for a page size or a cursor that breaks a rule
 */
export async function jobs(
  { db, tenant: { organizationId } }: ServiceContext,
  question: JobsQuestion,
): Promise<Page<Job>> {
  const own = sql`q.organization_id = ${organizationId}::uuid`;
  const [row] = await db.read<{ jobs: FoundJobs }>(
    sql`SELECT ${found(own, pageOf(question))} AS jobs`,
  );
  if (row === undefined) throw new Error('the jobs gave no row');
  return jobsPage(row.jobs, question);
}

/** Makes the page of what was found for the question. */
export function jobsPage(
  { totalCount, found: rows }: FoundJobs,
  { first, after }: JobsQuestion,
): Page<Job> {
  const size = requireFirst(first);
  return {
    edges: (rows ?? []).slice(0, size).map(({ name, repositoryKey }) => ({
      node: {
        key: `${repositoryKey} ${name}`,
        name,
        repositoryId: repositoryKey === noRepositoryId ? null : repositoryKey,
      },
      cursor: encodeCursor(list, order, [name, repositoryKey]),
    })),
    totalCount,
    hasNextPage: (rows ?? []).length > size,
    hasPreviousPage: after != null,
  };
}

interface AskedPage {
  readonly size: number;
  readonly totalCount: boolean;
  /** Only what comes after this name and repository. */
  readonly from: Sql | null;
}

function pageOf({ first, after, totalCount = true }: JobsQuestion): AskedPage {
  const size = requireFirst(first);
  if (after == null) return { size, totalCount, from: null };
  const place = decodeCursor('after', after, { list, order, types: ['text', 'uuid'] });
  return { size, totalCount, from: sql`(${place[0]}::text, ${place[1]}::uuid)` };
}

function found(own: Sql, { size, totalCount, from }: AskedPage): Sql {
  const all = totalCount ? sql`(SELECT count(*) FROM (${jobsAfter(own, null)}) j)` : sql`0`;
  return sql`(SELECT json_build_object(
      'totalCount', ${all},
      'found', (SELECT json_agg(json_build_object('name', job_name, 'repositoryKey', repository_key)
          ORDER BY job_name, repository_key)
        FROM (${jobsAfter(own, from)} LIMIT ${verbatim(String(size + 1))}) j)))`;
}

/** The jobs in order, each of one probe of an index: a select. */
function jobsAfter(own: Sql, from: Sql | null): Sql {
  const next = (beyond: Sql): Sql => sql`SELECT q.job_name, q.repository_key FROM job_quarters q
    WHERE ${own} ${beyond} ORDER BY q.job_name, q.repository_key LIMIT 1`;
  const start = from === null ? empty : sql`AND (q.job_name, q.repository_key) > ${from}`;
  return sql`WITH RECURSIVE found AS (
      (${next(start)})
      UNION ALL SELECT n.* FROM found f
        CROSS JOIN LATERAL (${next(sql`AND (q.job_name, q.repository_key) > (f.job_name, f.repository_key)`)}) n)
    SELECT job_name, repository_key FROM found`;
}
