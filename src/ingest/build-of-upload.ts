import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { fieldsOf, selectList } from '../db/columns.ts';
import type { Build } from '../db/generated/prisma/client.ts';
import { query, type Sql, sql } from '../db/sql.ts';
import { hashUuid } from '../domain/object-id.ts';
import { ValidationError } from '../errors.ts';
import { ensureRepository } from './ensure-repository.ts';
import { requireBuild } from './find-build.ts';
import { recordBuild } from './record-build.ts';
import type { UploadTarget } from './upload-target.ts';

type Target = z.output<typeof UploadTarget>;

/** The word for the status of a build of which only an upload is known. */
const unknownStatus = { status: 'OTHER', statusRaw: 'unknown' } as const;

/**
 * Gives the build an upload belongs to: the one it names, else the one with its page, or its job and number,
 * else one made for it. Uploads that say the same of their build, as parallel shards do, share it; what it does not
 * know yet it learns from each of them.
 *
 * @param content what tells the upload from others when nothing else does
 * @throws {NotFoundError} if it names a build that is not there
 * @throws {ValidationError} if it names neither a build nor a repository
 */
export async function buildOfUpload(
  ctx: ServiceContext,
  target: Target,
  content: string,
): Promise<Build> {
  const { pool } = ctx.db;
  const { organizationId } = ctx.tenant;
  if (target.buildId != null) {
    return fillGaps(ctx, await requireBuild(pool, organizationId, target.buildId), target);
  }
  if (target.repository == null) {
    throw new ValidationError([{ path: ['input'], message: 'needs a buildId or a repository' }]);
  }
  const repositoryId = await ensureRepository(pool, organizationId, target.repository);
  const jobName = target.jobName ?? 'upload';
  const externalRunId = hashUuid([repositoryId, ...nameOf(target, jobName, content)]);

  const alike = [
    ...(target.buildUrl == null
      ? []
      : [sql`md5(t.url) = md5(${target.buildUrl}) AND t.url = ${target.buildUrl}`]),
    ...(target.buildUrl != null || target.number == null
      ? []
      : [
          sql`coalesce(t.number, -1) = ${target.number} AND t.job_name = ${jobName}
            AND t.repository_id = ${repositoryId}::uuid`,
        ]),
    sql`t.natural_key = ${`run:${externalRunId}`}`,
  ];
  for (const condition of alike) {
    const known = await latestBuild(ctx, repositoryId, condition);
    if (known !== undefined) return fillGaps(ctx, known, target);
  }
  const { build } = await recordBuild(ctx, {
    externalRunId,
    repository: target.repository,
    jobName,
    number: target.number,
    ...(target.status == null ? unknownStatus : { status: target.status }),
    startedAt: target.startedAt,
    branch: target.branch,
    commitSha: target.commitSha,
    treeSha: target.treeSha,
    url: target.buildUrl,
    source: target.source ?? 'upload',
  });
  return build;
}

/** Whatever of its facts comes first, and in whichever upload, the build ends with all of them. */
async function fillGaps(ctx: ServiceContext, known: Build, target: Target): Promise<Build> {
  const isStatusUnknown = known.statusRaw === unknownStatus.statusRaw && target.status != null;
  const gaps = {
    ...(known.repositoryId === null && target.repository != null
      ? { repository: target.repository }
      : {}),
    ...(known.branch === null && target.branch != null ? { branch: target.branch } : {}),
    ...(known.commitSha === null && target.commitSha != null
      ? { commitSha: target.commitSha }
      : {}),
    ...(known.treeSha === null && target.treeSha != null ? { treeSha: target.treeSha } : {}),
    ...(known.url === null && target.buildUrl != null ? { url: target.buildUrl } : {}),
    ...(known.startedAt === null && target.startedAt != null
      ? { startedAt: target.startedAt }
      : {}),
  };
  if (Object.keys(gaps).length === 0 && !isStatusUnknown) return known;

  const { id, jobName, status, statusRaw } = known;
  const { build } = await recordBuild(ctx, {
    id,
    jobName,
    ...(isStatusUnknown ? { status: target.status ?? status } : { status, statusRaw }),
    ...gaps,
  });
  return build;
}

/** What two uploads of one build have in common. */
function nameOf(target: Target, jobName: string, content: string): string[] {
  const { buildUrl, number, treeSha, commitSha, branch } = target;
  if (buildUrl != null) return ['url', buildUrl];
  if (number != null) return ['number', jobName, String(number)];
  const code = treeSha ?? commitSha;
  if (code != null) return ['code', jobName, code, branch ?? ''];
  return ['content', jobName, branch ?? '', content];
}

async function latestBuild(
  { db, tenant }: ServiceContext,
  repositoryId: string,
  condition: Sql,
): Promise<Build | undefined> {
  const [build] = await query<Build>(
    db.pool,
    sql`SELECT ${selectList(fieldsOf('Build'))} FROM builds t
      WHERE t.organization_id = ${tenant.organizationId}::uuid AND ${condition}
        AND (t.repository_id IS NULL OR t.repository_id = ${repositoryId}::uuid)
      ORDER BY t.recorded_at DESC, t.id LIMIT 1`,
  );
  return build;
}
