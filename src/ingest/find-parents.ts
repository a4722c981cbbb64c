import type { z } from 'zod';
import { fieldsOf, selectList } from '../db/columns.ts';
import type {
  Build,
  Invocation,
  NameFoldingRule,
  Submission,
} from '../db/generated/prisma/client.ts';
import { type Queryable, query, sql } from '../db/sql.ts';
import type { RepositoryInput } from '../domain/fields.ts';
import { NotFoundError, ValidationError } from '../errors.ts';
import { ensureRepository } from './ensure-repository.ts';
import { requireBuild } from './find-build.ts';

/** What test results hang on, and what they take from it. */
export interface ResultParents {
  readonly organizationId: string;
  readonly repositoryId: string;
  readonly build: Build | null;
  readonly submission: Submission | null;
  readonly invocation: Invocation | null;
  /** Parts of test names that the repository folds away. */
  readonly nameFolding: readonly NameFoldingRule[];
  /** What results of these parents have in common in their ids: a re-sent one meets its own row. */
  readonly identity: string;
  /** The time of results that have none of their own. Fixed when the parent was first seen. */
  readonly recordedAt: Date;
  readonly branch: string | null;
  readonly commitSha: string | null;
  /** Tree SHA, else commit SHA. */
  readonly codeState: string | null;
}

export interface ParentReferences {
  readonly buildId?: string | null | undefined;
  readonly submissionId?: string | null | undefined;
  readonly invocationId?: string | null | undefined;
  readonly repository?: z.output<typeof RepositoryInput> | null | undefined;
  readonly branch?: string | null | undefined;
  readonly commitSha?: string | null | undefined;
  readonly treeSha?: string | null | undefined;
}

/**
 * Reads the parents that results name.
 *
 * @throws {NotFoundError} if one is not there
 * @throws {ValidationError} if no repository is known, or another than the parent's is named
 */
export async function findParents(
  tx: Queryable,
  organizationId: string,
  named: ParentReferences,
): Promise<ResultParents> {
  const submission =
    named.submissionId == null
      ? null
      : await requireSubmission(tx, organizationId, named.submissionId);
  const buildId = named.buildId ?? submission?.buildId;
  const build = buildId == null ? null : await requireBuild(tx, organizationId, buildId);
  const invocation =
    named.invocationId == null
      ? null
      : await requireInvocation(tx, organizationId, named.invocationId);
  const parents = [submission, build, invocation].filter((parent) => parent !== null);
  const [first] = parents;
  if (first === undefined)
    throw new ValidationError([{ path: ['input'], message: 'names no parent' }]);

  const said = <Key extends 'branch' | 'commitSha' | 'treeSha'>(key: Key): string | null =>
    named[key] ?? parents.find((parent) => parent[key] !== null)?.[key] ?? null;
  const repositoryId = await repositoryOf(tx, organizationId, named, parents);
  return {
    organizationId,
    repositoryId,
    nameFolding: await nameFoldingOf(tx, organizationId, repositoryId),
    build,
    submission,
    invocation,
    identity: identityOf({ submission, invocation, build }),
    recordedAt: first.recordedAt,
    branch: said('branch'),
    commitSha: said('commitSha'),
    codeState: said('treeSha') ?? said('commitSha'),
  };
}

async function nameFoldingOf(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<readonly NameFoldingRule[]> {
  const [repository] = await query<{ rules: NameFoldingRule[] }>(
    tx,
    sql`SELECT name_folding::text[] AS rules FROM repositories
      WHERE organization_id = ${organizationId}::uuid AND id = ${id}::uuid`,
  );
  return repository?.rules ?? [];
}

function identityOf({
  submission,
  invocation,
  build,
}: Pick<ResultParents, 'submission' | 'invocation' | 'build'>): string {
  if (submission !== null) return `submission ${submission.id}`;
  if (invocation !== null) return `invocation ${invocation.id}`;
  return `build ${build?.id ?? ''}`;
}

async function repositoryOf(
  tx: Queryable,
  organizationId: string,
  { repository }: ParentReferences,
  parents: readonly { readonly repositoryId: string | null }[],
): Promise<string> {
  const repositories = new Set(parents.flatMap(({ repositoryId }) => repositoryId ?? []));
  if (repositories.size > 1) {
    const message = 'names a build, a submission or an invocation of different repositories';
    throw new ValidationError([{ path: ['input'], message }]);
  }
  const [known = null] = repositories;
  const named = repository == null ? null : await ensureRepository(tx, organizationId, repository);
  const path = ['input', 'repository'];
  if (known !== null && named !== null && named !== known) {
    throw new ValidationError([
      { path, message: 'is not the repository of the build, submission or invocation' },
    ]);
  }
  const repositoryId = known ?? named;
  if (repositoryId !== null) return repositoryId;
  throw new ValidationError([{ path, message: 'is needed: the build or invocation has none' }]);
}

/**
 * Gives the submission.
 *
 * @throws {NotFoundError} if there is none in the tenant's organization
 */
export async function requireSubmission(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<Submission> {
  const [submission] = await query<Submission>(
    tx,
    sql`SELECT ${selectList(fieldsOf('Submission'))} FROM submissions t
      WHERE t.organization_id = ${organizationId}::uuid AND t.id = ${id}`,
  );
  if (submission === undefined) throw new NotFoundError(`there is no submission ${id}`);
  return submission;
}

async function requireInvocation(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<Invocation> {
  const [invocation] = await query<Invocation>(
    tx,
    sql`SELECT ${selectList(fieldsOf('Invocation'))} FROM invocations t
      WHERE t.organization_id = ${organizationId}::uuid AND t.id = ${id}::uuid`,
  );
  if (invocation === undefined) throw new NotFoundError(`there is no invocation ${id}`);
  return invocation;
}
