import type { Build, Invocation, Submission } from '../db/generated/prisma/client.ts';
import { lockNames, shareNames } from '../db/lock.ts';
import { type Queryable, query, type Sql, sql } from '../db/sql.ts';
import { fillReports, fillResults, ofBuild, ofInvocation, ofSubmissions } from './fill-below.ts';
import { factsLock, identityLock } from './lock-order.ts';

/** Most characters of a build's page that fit the index of submissions by their build. */
export const maxBuildUrl = 512;

/** What is passed on from parents of all kinds. */
const facts = ['branch', 'commitSha', 'treeSha', 'repositoryId'] as const;
const ofBuilds = [...facts, 'url', 'source'] as const;

/**
 * Waits until nobody takes facts of a build that is to learn some. Before the row is written: who takes them has the
 * row checked as a foreign key.
 */
export async function holdBuildFacts(tx: Queryable, known: Build, next: Build): Promise<void> {
  if (isSame(known, next, ofBuilds)) return;
  await holdFacts(tx, known, next, sql`t.build_id = ${next.id}::uuid`);
}

/**
 * Gives what a build has learnt to what was stored below it before: its stages, submissions, reports and results
 * come to have what they would have, had the build known at once. Its facts are held.
 */
export async function passOnBuild(tx: Queryable, known: Build, build: Build): Promise<void> {
  const { organizationId, id, repositoryId } = build;
  if (isSame(known, build, ofBuilds)) return;

  if (known.repositoryId !== repositoryId) {
    await query(
      tx,
      sql`UPDATE stages SET repository_id = ${repositoryId}::uuid
        WHERE organization_id = ${organizationId}::uuid AND build_id = ${id}::uuid`,
    );
  }
  await fillSubmissions(tx, build);
  await fillReports(tx, organizationId, ofBuild(organizationId, id));
  // What a submission says goes before what its build says.
  const submissions = ofSubmissions(organizationId, sql`p.build_id = ${id}::uuid`);
  await fillResults(tx, organizationId, [submissions, ofBuild(organizationId, id)]);
}

/** Gives what a submission has learnt, its build too, to its reports and results. */
export async function passOnSubmission(
  tx: Queryable,
  known: Submission,
  submission: Submission,
): Promise<void> {
  const { organizationId, id } = submission;
  if (isSame(known, submission, [...facts, 'buildId'])) return;

  const source = ofSubmissions(organizationId, sql`p.id = ${id}`);
  await fillReports(tx, organizationId, source);
  await fillResults(tx, organizationId, [source]);
}

/** Like `holdBuildFacts`. */
export async function holdInvocationFacts(
  tx: Queryable,
  known: Invocation,
  next: Invocation,
): Promise<void> {
  if (isSame(known, next, facts)) return;
  await holdFacts(tx, known, next, sql`t.invocation_id = ${next.id}::uuid`);
}

/** Gives what an invocation has learnt to its results. Its facts are held. */
export async function passOnInvocation(
  tx: Queryable,
  known: Invocation,
  invocation: Invocation,
): Promise<void> {
  const { organizationId, id } = invocation;
  if (isSame(known, invocation, facts)) return;
  await fillResults(tx, organizationId, [ofInvocation(organizationId, id)]);
}

function isSame<Row>(known: Row, next: Row, fields: readonly (keyof Row)[]): boolean {
  return fields.every((field) => known[field] === next[field]);
}

async function holdFacts(
  tx: Queryable,
  known: Build | Invocation,
  { organizationId, id, repositoryId }: Build | Invocation,
  belongs: Sql,
): Promise<void> {
  // Results name their repository themselves when what they belong to has none.
  const named =
    known.repositoryId === null
      ? await query<{ id: string }>(
          tx,
          sql`SELECT DISTINCT repository_id AS id FROM test_results t
            WHERE t.organization_id = ${organizationId}::uuid AND ${belongs}`,
        )
      : [];
  const repositories = [...named.map((repository) => repository.id), repositoryId].flatMap(
    (repository) => repository ?? [],
  );
  await shareNames(
    tx,
    repositories.sort().map((repository) => identityLock(organizationId, repository)),
  );
  await lockNames(tx, [factsLock(organizationId, id)]);
}

/** What a submission does not say itself is as its build says. */
async function fillSubmissions(tx: Queryable, build: Build): Promise<void> {
  await query(
    tx,
    sql`UPDATE submissions t SET build_url = coalesce(t.build_url, p.url), source = coalesce(t.source, p.source),
        branch = coalesce(t.branch, p.branch), commit_sha = coalesce(t.commit_sha, p.commit_sha),
        tree_sha = coalesce(t.tree_sha, p.tree_sha)
      FROM (SELECT ${buildUrlOf(build)}::text AS url, ${build.source}::text AS source, ${build.branch}::text AS branch,
        ${build.commitSha}::text AS commit_sha, ${build.treeSha}::text AS tree_sha) p
      WHERE t.organization_id = ${build.organizationId}::uuid AND t.build_id = ${build.id}::uuid
        AND (t.build_url IS NULL AND p.url IS NOT NULL OR t.source IS NULL AND p.source IS NOT NULL
          OR t.branch IS NULL AND p.branch IS NOT NULL OR t.commit_sha IS NULL AND p.commit_sha IS NOT NULL
          OR t.tree_sha IS NULL AND p.tree_sha IS NOT NULL)`,
  );
}

/** The page of a build as its submissions show it; null when it would not fit their index. */
export function buildUrlOf({ url }: Pick<Build, 'url'>): string | null {
  return (url?.length ?? 0) <= maxBuildUrl ? url : null;
}
