import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import { ForbiddenError, TooLargeError, UnauthenticatedError, ValidationError } from '../errors.ts';
import { SealedError } from '../identity/seal.ts';
import { SlowBodyError } from './read-body.ts';

interface Refusal {
  readonly status: ContentfulStatusCode;
  readonly code: string;
}

/** Answers an error as `{"error": {"code", "message"}}` (Contract: buildbutler.md 5). The address may hold a key: it is not logged. */
export function refuse(c: Context, error: Error, log: Logger): Response {
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    if (refusal.status === 503) log.error({ reason: error.message }, 'a webhook was refused');
    return c.json({ error: { code: refusal.code, message: error.message } }, refusal.status);
  }
  const errorId = randomUUID();
  log.error({ err: error, errorId }, 'a webhook could not be taken');
  const message = `Unexpected error. It is in the log of the gateway as ${errorId}.`;
  return c.json({ error: { code: 'internal_error', message } }, 500);
}

function refusalOf(error: Error): Refusal | undefined {
  if (error instanceof ValidationError) return { status: 400, code: 'bad_request' };
  if (error instanceof UnauthenticatedError) return { status: 401, code: 'unauthorized' };
  if (error instanceof ForbiddenError) return { status: 403, code: 'forbidden' };
  if (error instanceof SlowBodyError) return { status: 408, code: 'timeout' };
  if (error instanceof TooLargeError) return { status: 413, code: 'too_large' };
  if (error instanceof SealedError) return { status: 503, code: 'sealed' };
  return undefined;
}
