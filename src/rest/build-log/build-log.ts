import type { Readable } from 'node:stream';
import type { Context } from 'hono';
import { type LogPart, openLogPart } from '../../analytics/log-part.ts';
import { NotFoundError } from '../../errors.ts';
import { requireCapability } from '../../identity/require-capability.ts';
import { requireKey } from '../../identity/require-key.ts';
import type { RestApp, RestServices } from '../services.ts';
import { type Answer, answerTo } from './answer.ts';
import { describeBuildLog } from './describe-build-log.ts';

const paths = ['/api/v1/builds/:id/log', '/builds/:id/log'] as const;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Mounts the log of a build as text, with ranges. A build that is not known, one of somebody else and one without a log
 * are answered alike.
 */
export function addBuildLog(
  rest: RestApp,
  { authenticator, service, uploads }: RestServices,
): void {
  for (const path of paths) {
    describeBuildLog(rest, path.replace(':id', '{id}'));
    rest.get(path, async (c) => {
      const tenant = await requireKey(authenticator, c.req.raw.headers);
      requireCapability(tenant, 'READ');
      const buildId = c.req.param('id');
      if (!uuid.test(buildId)) throw noLog();
      const section = c.req.query('section') ?? null;
      const opened = await openLogPart(
        { ...service, uploads, tenant },
        { buildId, section },
        (part: LogPart) => answerTo(c.req.raw, part),
      );
      if (opened === null) throw noLog();
      return respond(c, opened.chosen, opened.bytes);
    });
  }
}

function noLog(): NotFoundError {
  return new NotFoundError('There is no such log.');
}

function respond(c: Context, { status, headers }: Answer, bytes: Readable | null): Response {
  return c.newResponse(bytes === null ? null : toBody(bytes), status, { ...headers });
}

/** Read no faster than it is sent; a client that hangs up closes what is read from. */
function toBody(bytes: Readable): ReadableStream<Uint8Array> {
  const chunks = bytes[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await chunks.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      cancel() {
        bytes.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}
