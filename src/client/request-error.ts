/** One error of an answer, as GraphQL spells it. */
export interface ResponseError {
  readonly message: string;
  /** Field names and list positions that lead to the field that failed. */
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/**
 * The gateway refused a request, failed at it, or answered something that is not GraphQL. Errors that
 * the schema declares (`ValidationError`, …) are data, not this.
 */
export class GraphQLRequestError extends Error {
  override readonly name = 'GraphQLRequestError';
  /** HTTP status; 200 when the request ran and a field failed. */
  readonly status: number;
  /** Never empty. */
  readonly errors: readonly ResponseError[];
  /** What was answered beside the errors, if anything. */
  readonly data: unknown;

  constructor(status: number, errors: readonly ResponseError[], data: unknown = null) {
    super(errors.map(({ message }) => message).join('; '));
    this.status = status;
    this.errors = errors;
    this.data = data;
  }
}
