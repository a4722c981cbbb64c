import type { TestGateway } from '../support/start-gateway.ts';

/** A file of a form: its name and what is in it. */
export type NamedContent = readonly [name: string, content: string | Uint8Array];

/** An operation and its variables, as the field `operations` of a form says them. */
export interface Operation {
  readonly query: string;
  readonly variables: object;
}

/** Makes the form of graphql-multipart-request-spec that puts the files into `variables.files`. */
export function multipartForm(
  { query, variables }: Operation,
  files: readonly NamedContent[],
): FormData {
  const form = new FormData();
  const asked = { ...variables, files: files.map(() => null) };
  form.set('operations', JSON.stringify({ query, variables: asked }));
  form.set(
    'map',
    JSON.stringify(
      Object.fromEntries(
        files.map((_file, index) => [String(index), [`variables.files.${index}`]]),
      ),
    ),
  );
  for (const [index, [name, content]] of files.entries()) {
    const bytes = typeof content === 'string' ? content : new Uint8Array(content);
    form.set(String(index), new File([bytes], name));
  }
  return form;
}

/** Posts a form to the GraphQL endpoint; the answer is given as it is. */
export function postForm(
  { url, key: own }: Pick<TestGateway, 'url' | 'key'>,
  form: FormData,
  key = own,
): Promise<Response> {
  const headers = { authorization: `Bearer ${key}` };
  return fetch(`${url}/graphql`, { method: 'POST', headers, body: form });
}

/**
 * Sends files with an operation on `$input` and `$files`, and gives its `data`. Fails when the answer has errors.
 * `Data` is the test's claim about the operation it wrote.
 */
export async function uploadFiles<Data = Record<string, unknown>>(
  gateway: Pick<TestGateway, 'url' | 'key'>,
  operation: string,
  input: object,
  files: readonly NamedContent[],
  key?: string,
): Promise<Data> {
  const form = multipartForm({ query: operation, variables: { input } }, files);
  const response = await postForm(gateway, form, key);
  const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown };
  if (errors !== undefined || data == null) throw new Error(JSON.stringify(errors));
  return data;
}
