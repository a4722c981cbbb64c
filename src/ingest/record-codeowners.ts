import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { CodeownersDialect } from '../db/generated/prisma/enums.ts';
import { inTransaction, type Queryable, query, sql } from '../db/sql.ts';
import { mostCodeownersBytes, mostCodeownersLines, parseCodeowners } from '../domain/codeowners.ts';
import { instant, RepositoryInput } from '../domain/fields.ts';
import { hashUuid } from '../domain/object-id.ts';
import { parseInput } from '../domain/parse-input.ts';
import { storableText, text } from '../domain/text.ts';
import { futureIssues } from '../domain/time.ts';
import { TooLargeError } from '../errors.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { enqueueOwners } from './assign-owners.ts';
import { ensureRepository } from './ensure-repository.ts';
import { holdIdentities } from './find-test-cases.ts';

const RecordCodeownersInput = z.object({
  repository: RepositoryInput,
  commitSha: text(128).nullish(),
  recordedAt: instant.nullish(),
  path: text().nullish(),
  content: z.string().transform(storableText),
  dialect: z.enum(CodeownersDialect).nullish(),
});
export type RecordCodeownersInput = z.input<typeof RecordCodeownersInput>;

export interface RecordedCodeowners {
  readonly repositoryId: string;
  /** False when the file of that commit, or the same file, was known before. */
  readonly created: boolean;
}

interface Version {
  readonly organizationId: string;
  readonly repositoryId: string;
  readonly commitSha: string | null;
  readonly path: string | null;
  readonly digest: Buffer;
  readonly recordedAt: Date;
}

/**
 * Stores the CODEOWNERS file of a repository at a commit. Of one commit the last word counts, from the first time that
 * it was heard of. Of what comes without a commit and a time, one after the other, what says the same as before is not
 * stored again. Whose tests are whose is worked out in the background.
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 * @throws {TooLargeError} when the file is larger than 3 MiB or has more than 100,000 lines
 * @throws {ValidationError} if the input breaks a rule; a line that is no good is a problem of the file instead
 */
export async function recordCodeowners(
  ctx: ServiceContext,
  input: RecordCodeownersInput,
): Promise<RecordedCodeowners> {
  requireCapability(ctx.tenant, 'INGEST');
  const now = ctx.now();
  const future = futureIssues(now, { recordedAt: input.recordedAt });
  const said = parseInput(RecordCodeownersInput, input, future);
  requireSmall(said.content);
  const { organizationId } = ctx.tenant;
  // A clock that runs ahead would make what comes after it look old.
  const recordedAt = said.recordedAt != null && said.recordedAt < now ? said.recordedAt : now;

  return inTransaction(ctx.db.pool, async (tx) => {
    const repositoryId = await ensureRepository(tx, organizationId, said.repository);
    const dialect = said.dialect ?? (await dialectOf(tx, organizationId, repositoryId));
    const version = {
      organizationId,
      repositoryId,
      commitSha: said.commitSha ?? null,
      path: said.path ?? null,
      digest: createHash('sha256').update(`${dialect}\n${said.content}`).digest(),
      recordedAt,
    };
    const isOfNow = said.commitSha == null && said.recordedAt == null;
    if (isOfNow && (await isInForce(tx, version))) {
      return { repositoryId, created: false };
    }
    await writeFile(tx, version, { dialect, content: said.content });
    const created = await writeVersion(tx, version);
    await beginSweeps(tx, { organizationId, repositoryId });
    await enqueueOwners(tx, { organizationId, repositoryId });
    return { repositoryId, created };
  });
}

function requireSmall(content: string): void {
  if (Buffer.byteLength(content) > mostCodeownersBytes) {
    throw new TooLargeError('a CODEOWNERS file must be at most 3 MiB, as on GitHub');
  }
  let lines = 1;
  for (let at = content.indexOf('\n'); at !== -1; at = content.indexOf('\n', at + 1)) lines += 1;
  if (lines > mostCodeownersLines) {
    throw new TooLargeError(
      `a CODEOWNERS file must have at most ${String(mostCodeownersLines)} lines`,
    );
  }
}

async function dialectOf(
  tx: Queryable,
  organizationId: string,
  repositoryId: string,
): Promise<CodeownersDialect> {
  const [repository] = await query<{ provider: string | null }>(
    tx,
    sql`SELECT provider FROM repositories
      WHERE organization_id = ${organizationId}::uuid AND id = ${repositoryId}::uuid`,
  );
  return repository?.provider?.toLowerCase().startsWith('gitlab') === true ? 'GITLAB' : 'GITHUB';
}

/** From the first file of a repository on, whoever writes tests that are new says so. */
async function beginSweeps(
  tx: Queryable,
  scope: Pick<Version, 'organizationId' | 'repositoryId'>,
): Promise<void> {
  const { organizationId, repositoryId } = scope;
  const known = await query(
    tx,
    sql`SELECT FROM owner_sweeps
      WHERE organization_id = ${organizationId}::uuid AND repository_id = ${repositoryId}::uuid`,
  );
  if (known.length > 0) return;
  // Until those are through who write tests and have not seen the row.
  await holdIdentities(tx, scope);
  await query(
    tx,
    sql`INSERT INTO owner_sweeps (organization_id, repository_id)
      VALUES (${organizationId}::uuid, ${repositoryId}::uuid) ON CONFLICT DO NOTHING`,
  );
}

/** Whether the file already says this at that time. */
async function isInForce(tx: Queryable, version: Version): Promise<boolean> {
  const [latest] = await query<{ digest: Buffer }>(
    tx,
    sql`SELECT digest FROM codeowners_versions WHERE organization_id = ${version.organizationId}::uuid
      AND repository_id = ${version.repositoryId}::uuid AND recorded_at <= ${version.recordedAt}::timestamptz
      ORDER BY recorded_at DESC, id DESC LIMIT 1`,
  );
  return latest?.digest.equals(version.digest) === true;
}

async function writeFile(
  tx: Queryable,
  { organizationId, digest }: Version,
  { dialect, content }: { readonly dialect: CodeownersDialect; readonly content: string },
): Promise<void> {
  const known = await query(
    tx,
    sql`SELECT FROM codeowners_files
      WHERE organization_id = ${organizationId}::uuid AND digest = ${digest}`,
  );
  if (known.length > 0) return;
  const { rules, problems, problemCount } = parseCodeowners(content, dialect);
  await query(
    tx,
    sql`INSERT INTO codeowners_files
        (organization_id, digest, dialect, content, rule_count, problems, problem_count)
      VALUES (${organizationId}::uuid, ${digest}, ${dialect}::codeowners_dialect, ${content},
        ${rules.length}, ${JSON.stringify(problems)}::jsonb, ${problemCount})
      ON CONFLICT DO NOTHING`,
  );
}

async function writeVersion(tx: Queryable, version: Version): Promise<boolean> {
  const { organizationId, repositoryId, commitSha, path, digest, recordedAt } = version;
  const moment = [recordedAt.toISOString(), digest.toString('hex')];
  const what = commitSha === null ? moment : ['commit', commitSha];
  const id = hashUuid(['codeowners', repositoryId, ...what]);
  const [stored] = await query<{ created: boolean }>(
    tx,
    sql`INSERT INTO codeowners_versions AS v
        (organization_id, id, repository_id, commit_sha, path, digest, recorded_at)
      VALUES (${organizationId}::uuid, ${id}::uuid, ${repositoryId}::uuid, ${commitSha}, ${path}, ${digest},
        ${recordedAt}::timestamptz)
      ON CONFLICT (organization_id, id) DO UPDATE SET digest = EXCLUDED.digest,
        path = coalesce(EXCLUDED.path, v.path), recorded_at = least(v.recorded_at, EXCLUDED.recorded_at)
      RETURNING xmax = 0 AS created`,
  );
  if (stored === undefined) throw new Error('an upsert of a CODEOWNERS version returned no row');
  return stored.created;
}
