import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import type { Logger } from 'pino';
import { asTimeZoneRefusal } from '../analytics/time-zone.ts';
import {
  ConflictError,
  DomainError,
  ForbiddenError,
  NotFoundError,
  TooLargeError,
  UnauthenticatedError,
  ValidationError,
} from '../errors.ts';

/**
 * Makes the last look at every error on its way out. What a caller can mend says so, with a code;
 * everything else is logged, and answered with nothing but the id it has in the log.
 */
export function maskErrors(log: Logger): (error: unknown) => GraphQLError {
  return (error) => {
    const found = causeOf(error);
    const cause = asTimeZoneRefusal(found) ?? found;
    if (cause instanceof DomainError) return presented(cause, error);
    if (error instanceof GraphQLError && isMeant(error, cause)) return withCode(error);

    const id = randomUUID();
    log.error({ err: cause, errorId: id, path: placeOf(error).path }, 'a request failed');
    return new GraphQLError(`Unexpected error. It is in the log of the gateway as ${id}.`, {
      ...placeOf(error),
      extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: id, ...statusOf(error) },
    });
  };
}

/**
 * Whether an error was made to be read by the caller: one of the request as a whole (syntax, validation,
 * variables), or one that was thrown with a code. What a field of ours cannot serialize is neither.
 */
function isMeant(error: GraphQLError, cause: unknown): boolean {
  if (!(cause instanceof GraphQLError)) return false;
  return error.path === undefined || cause.extensions['code'] !== undefined;
}

/** Only variables that do not fit their types come without a code, and without Yoga's word for 400. */
function withCode(error: GraphQLError): GraphQLError {
  if (error.extensions['code'] !== undefined) return error;
  return new GraphQLError(error.message, {
    ...placeOf(error),
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400, spec: true } },
  });
}

/** An error at a field stands beside data; any other is the answer to the whole request. */
function statusOf(error: unknown): object {
  return error instanceof GraphQLError && error.path !== undefined ? {} : { http: { status: 500 } };
}

/** The error below GraphQL's wrappers: the executor's, and an error that the schema threw as such. */
function causeOf(error: unknown): unknown {
  if (error instanceof Error && 'originalError' in error && error.originalError instanceof Error) {
    return causeOf(error.originalError);
  }
  return error;
}

function placeOf(error: unknown): GraphQLErrorOptions {
  if (!(error instanceof GraphQLError)) return {};
  const { nodes, source, positions, path } = error;
  return {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    path: path ?? null,
  };
}

function presented(cause: DomainError, error: unknown): GraphQLError {
  const issues = cause instanceof ValidationError ? { issues: cause.issues } : {};
  return new GraphQLError(cause.message, {
    ...placeOf(error),
    extensions: { code: codeOf(cause), ...issues, ...httpOf(cause, error) },
  });
}

function codeOf(error: DomainError): string {
  if (error instanceof ValidationError) return 'BAD_USER_INPUT';
  if (error instanceof ForbiddenError) return 'FORBIDDEN';
  if (error instanceof NotFoundError) return 'NOT_FOUND';
  if (error instanceof ConflictError) return 'CONFLICT';
  if (error instanceof TooLargeError) return 'TOO_LARGE';
  return 'UNAUTHENTICATED';
}

/** Of a request as a whole; an error at a field stands beside data. */
function httpOf(error: DomainError, shown: unknown): object {
  const isAtField = shown instanceof GraphQLError && shown.path !== undefined;
  if (error instanceof ForbiddenError && !isAtField) return { http: { status: 403 } };
  if (!(error instanceof UnauthenticatedError)) return {};
  return { http: { status: 401, headers: { 'www-authenticate': 'Bearer' } } };
}
