import type { ServiceContext } from '../context.ts';
import type { CodeownersDialect, TestResult } from '../db/generated/prisma/client.ts';
import { type Sql, sql } from '../db/sql.ts';
import { parseCodeowners } from '../domain/codeowners.ts';
import { ownerFinder } from '../domain/codeowners-finder.ts';
import { ownersOfFiles } from '../domain/codeowners-turns.ts';

/** What of a result says which CODEOWNERS file it ran under. */
export type OwnedResult = Pick<
  TestResult,
  'repositoryId' | 'testCaseId' | 'commitSha' | 'recordedAt'
>;

interface Found {
  readonly file: string;
  /** Of a CODEOWNERS file, in hex; null when none was known. */
  readonly digest: string | null;
}

interface CodeownersContent {
  readonly digest: string;
  readonly content: string;
  readonly dialect: CodeownersDialect;
}

/** Files at once, each of up to 3 MiB. */
const filesAtOnce = 8;

/**
 * Gives who owned the tests of results when those ran, in their order: by the CODEOWNERS file of the very commit, else
 * by the latest one recorded until then; null when none was. One statement where they ran under at most eight different
 * files, and another one for every eight more.
 */
export async function ownersAtTheTime(
  ctx: ServiceContext,
  results: readonly OwnedResult[],
): Promise<(readonly string[] | null)[]> {
  const { found, files: first } = await filesOfResults(ctx, results);
  const digests = [...new Set(found.flatMap(({ digest }) => digest ?? []))].sort();
  const owners = new Map<string, ReadonlyMap<string, readonly string[]>>();
  for (let start = 0; start < digests.length; start += filesAtOnce) {
    const some = digests.slice(start, start + filesAtOnce);
    const contents = start === 0 ? first : await readContents(ctx, some);
    for (const { digest, content, dialect } of contents) {
      const files = found.filter((each) => each.digest === digest).map(({ file }) => file);
      const find = ownerFinder(parseCodeowners(content, dialect));
      owners.set(digest, await ownersOfFiles(files, find));
    }
  }
  return found.map(({ digest, file }) =>
    digest === null ? null : (owners.get(digest)?.get(file) ?? null),
  );
}

/** What each result ran under, and the first of those files, in the order of their digests. */
async function filesOfResults(
  { db, tenant: { organizationId } }: ServiceContext,
  results: readonly OwnedResult[],
): Promise<{ readonly found: readonly Found[]; readonly files: readonly CodeownersContent[] }> {
  const version = sql`SELECT v.digest FROM codeowners_versions v
    WHERE v.organization_id = ${organizationId}::uuid AND v.repository_id = asked.repository_id`;
  const [answer] = await db.read<{ found: Found[]; files: CodeownersContent[] }>(
    sql`WITH found AS MATERIALIZED (
        SELECT place, c.file, coalesce((${version} AND v.commit_sha = asked.commit_sha),
          (${version} AND v.recorded_at <= asked.at ORDER BY v.recorded_at DESC, v.id DESC LIMIT 1)) AS digest
        FROM unnest(${results.map(({ repositoryId }) => repositoryId)}::uuid[],
            ${results.map(({ testCaseId }) => testCaseId)}::text[],
            ${results.map(({ commitSha }) => commitSha)}::text[],
            ${results.map(({ recordedAt }) => recordedAt)}::timestamptz[])
          WITH ORDINALITY AS asked (repository_id, test_case_id, commit_sha, at, place)
        JOIN test_cases c ON c.organization_id = ${organizationId}::uuid AND c.id = asked.test_case_id)
      SELECT (SELECT coalesce(json_agg(json_build_object('file', file, 'digest', encode(digest, 'hex'))
          ORDER BY place), '[]') FROM found) AS found,
        (SELECT coalesce(json_agg(said), '[]') FROM (${contents(organizationId)}
          AND f.digest IN (SELECT DISTINCT digest FROM found WHERE digest IS NOT NULL
            ORDER BY digest LIMIT ${filesAtOnce}::int)) said) AS files`,
  );
  if (answer === undefined) throw new Error('asking for the files of results gave no row');
  return answer;
}

function readContents(
  { db, tenant: { organizationId } }: ServiceContext,
  digests: readonly string[],
): Promise<CodeownersContent[]> {
  return db.read<CodeownersContent>(
    sql`${contents(organizationId)}
      AND f.digest IN (SELECT decode(hex, 'hex') FROM unnest(${digests}::text[]) AS said (hex))`,
  );
}

function contents(organizationId: string): Sql {
  return sql`SELECT encode(f.digest, 'hex') AS digest, f.content, f.dialect FROM codeowners_files f
    WHERE f.organization_id = ${organizationId}::uuid`;
}
