import { GraphQLRequestError, type ResponseError } from './request-error.ts';

/** What a GraphQL server answers. */
export interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly ResponseError[];
}

/**
 * Reads the JSON body of an answer.
 *
 * @throws {GraphQLRequestError} when it is no GraphQL answer, e.g. the page of a proxy
 */
export async function readAnswer<Data>(response: Response): Promise<Answer<Data>> {
  const text = await response.text();
  const answer = parseObject(text);
  // The document's type says what its data is; the gateway checked it against the schema.
  if (answer !== null && ('data' in answer || 'errors' in answer)) return answer as Answer<Data>;

  const message = `HTTP ${response.status}, no GraphQL answer: ${text.slice(0, 200)}`;
  throw new GraphQLRequestError(response.status, [{ message }]);
}

/**
 * Gives the data of an answer that has no errors.
 *
 * @throws {GraphQLRequestError} with the errors, when there are any
 */
export function answeredData<Data>(status: number, { data, errors = [] }: Answer<Data>): Data {
  if (errors.length > 0) throw new GraphQLRequestError(status, errors, data);
  if (data != null) return data;
  throw new GraphQLRequestError(status, [{ message: 'The answer has neither data nor errors.' }]);
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null; // the caller reports the text itself, which says more than the parser does
  }
}
