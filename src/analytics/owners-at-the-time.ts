import type { ServiceContext } from '../context.ts';
import type { CodeownersDialect, TestResult } from '../db/generated/prisma/client.ts';
import { sql } from '../db/sql.ts';
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
  /** In hex; null when no CODEOWNERS file was known. */
  readonly digest: string | null;
}

/** Files at once, each of up to 3 MiB. */
const filesAtOnce = 8;

/**
 * Gives who owned the tests of results when those ran, in their order: by the CODEOWNERS file of the very commit, else
 * by the latest one recorded until then; null when none was. One statement, and another one for every eight files that
 * differ.
 */
export async function ownersAtTheTime(
  ctx: ServiceContext,
  results: readonly OwnedResult[],
): Promise<(readonly string[] | null)[]> {
  const found = await filesOfResults(ctx, results);
  const digests = [...new Set(found.flatMap(({ digest }) => digest ?? []))];
  const owners = new Map<string, ReadonlyMap<string, readonly string[]>>();
  for (let start = 0; start < digests.length; start += filesAtOnce) {
    for (const { digest, content, dialect } of await readFiles(
      ctx,
      digests.slice(start, start + filesAtOnce),
    )) {
      const files = found.filter((each) => each.digest === digest).map(({ file }) => file);
      const find = ownerFinder(parseCodeowners(content, dialect));
      owners.set(digest, await ownersOfFiles(files, find));
    }
  }
  return found.map(({ digest, file }) =>
    digest === null ? null : (owners.get(digest)?.get(file) ?? null),
  );
}

function filesOfResults(
  { db, tenant: { organizationId } }: ServiceContext,
  results: readonly OwnedResult[],
): Promise<Found[]> {
  const version = sql`SELECT encode(v.digest, 'hex') FROM codeowners_versions v
    WHERE v.organization_id = ${organizationId}::uuid AND v.repository_id = asked.repository_id`;
  return db.read<Found>(
    sql`SELECT c.file, coalesce((${version} AND v.commit_sha = asked.commit_sha),
        (${version} AND v.recorded_at <= asked.at ORDER BY v.recorded_at DESC, v.id DESC LIMIT 1)) AS digest
      FROM unnest(${results.map(({ repositoryId }) => repositoryId)}::uuid[],
          ${results.map(({ testCaseId }) => testCaseId)}::text[],
          ${results.map(({ commitSha }) => commitSha)}::text[],
          ${results.map(({ recordedAt }) => recordedAt)}::timestamptz[])
        WITH ORDINALITY AS asked (repository_id, test_case_id, commit_sha, at, place)
      JOIN test_cases c ON c.organization_id = ${organizationId}::uuid AND c.id = asked.test_case_id
      ORDER BY place`,
  );
}

function readFiles(
  { db, tenant: { organizationId } }: ServiceContext,
  digests: readonly string[],
): Promise<{ digest: string; content: string; dialect: CodeownersDialect }[]> {
  return db.read(
    sql`SELECT encode(f.digest, 'hex') AS digest, f.content, f.dialect FROM codeowners_files f
      WHERE f.organization_id = ${organizationId}::uuid
        AND f.digest IN (SELECT decode(hex, 'hex') FROM unnest(${digests}::text[]) AS said (hex))`,
  );
}
