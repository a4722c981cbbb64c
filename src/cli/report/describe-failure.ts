import { GraphQLRequestError } from '../../client/request-error.ts';
import { errorCode } from '../../error-code.ts';
import { BusyError, isConnectionError, isTimeout } from './retry.ts';

/** The gateway read the request and declined it, with a reason that the schema knows. */
class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

interface Refusal {
  readonly __typename: string;
  readonly message: string;
  readonly issues?: readonly { readonly path: readonly string[]; readonly message: string }[];
}

/**
 * Gives the payload of an answer.
 *
 * @throws {RefusedError} when it is one of the errors that the schema declares
 */
export function payloadOf<Answer extends { readonly __typename: string }>(
  answer: Answer,
): Exclude<Answer, { readonly message: string }> {
  if (isRefusal(answer)) throw new RefusedError(describeRefusal(answer));
  return answer as Exclude<Answer, { readonly message: string }>; // what is left of the union
}

function isRefusal(answer: { readonly __typename: string }): answer is Refusal {
  return 'message' in answer;
}

function describeRefusal({ message, issues = [] }: Refusal): string {
  const each = issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  return each.length === 0 ? message : each.join('; ');
}

/** Whether what comes next would fail as well: nobody answers, or nobody with this key is let in. */
export function isFinal(error: unknown): boolean {
  if (error instanceof GraphQLRequestError) return error.status === 401 || error.status === 403;
  return error instanceof BusyError || isConnectionError(error);
}

/** Says in one sentence what went wrong and what to do about it. */
export function describeFailure(error: unknown, origin: string): string {
  if (error instanceof GraphQLRequestError) return describeRequestError(error, origin);
  if (error instanceof BusyError) return `${origin} answers ${error.status}: ${error.message}`;
  if (!(error instanceof Error)) return String(error);
  if (isTimeout(error)) return `${origin} did not answer in time`;
  if (!(error.cause instanceof Error)) return error.message;
  const reason = errorCode(error.cause) || error.cause.message;
  return `cannot reach ${origin} (${reason}): is BUILDATLAS_URL right, and the gateway up?`;
}

function describeRequestError({ status, message }: GraphQLRequestError, origin: string): string {
  if (status === 401) return `${origin} does not know the key (401): check BUILDATLAS_API_KEY`;
  if (status === 403) return `the key may not send reports (403): it needs INGEST`;
  if (status === 404) return `there is no gateway at ${origin} (404): check BUILDATLAS_URL`;
  return `${origin} refused (${status}): ${message}`;
}
