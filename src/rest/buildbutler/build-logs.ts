import { z } from '@hono/zod-openapi';
import type { ServiceContext } from '../../context.ts';
import { ValidationError } from '../../errors.ts';
import { maxLogBytes } from '../../ingest/pack-log.ts';
import { recordBuildLog, type RecordBuildLogInput } from '../../ingest/record-build-log.ts';
import type { RecordBuildInput } from '../../ingest/record-build.ts';
import { sentBody, unpacked } from '../request-body.ts';
import type { RestApp, RestServices } from '../services.ts';
import { buildId } from './fields.ts';
import { describeIngest, pathsOf, requireIngest } from './ingest-route.ts';
import { readLogBody } from './log-content.ts';
import { Accepted, Held } from './present.ts';
import { readWith } from './read-with.ts';
import { readBuild, WireBuild } from './wire.ts';

/** The most bytes of a body: escapes make the JSON of a log longer than the log. */
const maxBodyBytes = 2 * maxLogBytes;

const WireBuildLog = z
  .object({ buildId, logContent: z.string({ error: 'must be text' }) })
  .extend(
    WireBuild.pick({
      buildNumber: true,
      jenkinsInstanceId: true,
      branch: true,
      duration: true,
      startedAt: true,
      completedAt: true,
    }).shape,
  )
  .extend({ jobName: z.string().optional(), status: z.string().optional() })
  .openapi('BuildLogReport');

const WireNames = WireBuildLog.pick({ buildId: true, logContent: true });

/** Mounts `build-logs` (Contract: buildbutler.md 7.5). */
export function addBuildLogs(
  rest: RestApp,
  { authenticator, service, uploads }: RestServices,
): void {
  for (const path of pathsOf(['build-logs'])) {
    describeIngest(rest, path, {
      summary: 'Report the console log of a build',
      description:
        'Replaces the log the build had. Of up to 2 GiB, and never as a whole in memory. When the build is not known, it is ' +
        'made of the fields beside the log, or the log is kept until the build comes.',
      body: WireBuildLog,
      answers: { 201: Accepted, 202: Held },
    });
    rest.post(path, async (c) => {
      const tenant = await requireIngest(c, authenticator);
      const ctx = { ...service, uploads, tenant };
      const { content, fields } = readLogBody(unpacked(c, sentBody(c, maxBodyBytes)));
      const stored = await recordBuildLog(ctx, () => readInput(ctx, fields()), content);
      if (stored === null) return c.json({ accepted: 1, held: true as const }, 202);
      return c.json({ id: stored.build.id, accepted: 1 }, 201);
    });
  }
}

function readInput(ctx: Pick<ServiceContext, 'now'>, body: unknown): RecordBuildLogInput {
  const { buildId } = readWith(WireNames, body);
  return { buildId, build: readCopy(ctx, body) };
}

/** What the log says of its build; null when that is not enough for one, which costs nothing but the build. */
function readCopy({ now }: Pick<ServiceContext, 'now'>, body: unknown): RecordBuildInput | null {
  try {
    return readBuild(now(), body);
  } catch (error) {
    if (error instanceof ValidationError) return null;
    throw error;
  }
}
