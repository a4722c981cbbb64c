import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import { UploadError } from '../blobs/upload-error.ts';
import {
  ConflictError,
  ForbiddenError,
  NotFoundError,
  TooLargeError,
  UnauthenticatedError,
  ValidationError,
} from '../errors.ts';

interface Refusal {
  readonly status: ContentfulStatusCode;
  readonly code: string;
}

/** It may end up in somebody's CI log. */
const longestMessage = 1000;

/**
 * Answers an error as `{"error": {"code", "message"}}` (Contract: buildbutler.md 5). What a caller cannot mend is
 * logged, and says no more than that.
 */
export function refuse(c: Context, error: Error, log: Logger): Response {
  const refusal = refusalOf(error);
  if (refusal === undefined) {
    const errorId = randomUUID();
    log.error({ err: error, errorId, path: c.req.path }, 'a request failed');
    const message = `Unexpected error. It is in the log of the gateway as ${errorId}.`;
    return c.json({ error: { code: 'internal_error', message } }, 500);
  }
  if (refusal.status === 401) c.header('WWW-Authenticate', 'Bearer');
  const message = error.message.slice(0, longestMessage);
  return c.json({ error: { code: refusal.code, message } }, refusal.status);
}

function refusalOf(error: Error): Refusal | undefined {
  if (error instanceof ValidationError) return { status: 400, code: 'bad_request' };
  if (error instanceof UnauthenticatedError) return { status: 401, code: 'unauthorized' };
  if (error instanceof ForbiddenError) return { status: 403, code: 'forbidden' };
  if (error instanceof NotFoundError) return { status: 404, code: 'not_found' };
  if (error instanceof ConflictError) return { status: 409, code: 'conflict' };
  if (error instanceof TooLargeError) return { status: 413, code: 'too_large' };
  if (error instanceof UploadError) return ofUpload[error.code];
  return undefined;
}

const ofUpload = {
  TOO_LARGE: { status: 413, code: 'too_large' },
  MALFORMED: { status: 400, code: 'bad_request' },
  NO_SPACE: { status: 507, code: 'no_space' },
} as const satisfies Record<UploadError['code'], Refusal>;
