/** Body of a GraphQL request and the headers that go with it. */
export interface RequestBody {
  readonly body: string | FormData;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Makes the body of a request: JSON, or a form when there are files among the variables
 * (graphql-multipart-request-spec).
 */
export function requestBody(query: string, variables: unknown): RequestBody {
  const files = new Map<Blob, string[]>();
  const plain = withoutFiles(variables, 'variables', files);
  const operations = JSON.stringify({ query, variables: plain });
  if (files.size === 0) {
    return { body: operations, headers: { 'content-type': 'application/json' } };
  }

  const form = new FormData();
  form.append('operations', operations);
  const paths = [...files.values()].map((places, index) => [String(index), places]);
  form.append('map', JSON.stringify(Object.fromEntries(paths)));
  [...files.keys()].forEach((file, index) => {
    if (file instanceof File) form.append(String(index), file);
    else form.append(String(index), file, `file-${String(index)}`);
  });
  return { body: form, headers: {} }; // fetch says the type, with the boundary
}

/** Gives the value with null where files were, and notes where. */
function withoutFiles(value: unknown, path: string, files: Map<Blob, string[]>): unknown {
  if (value instanceof Blob) {
    files.set(value, [...(files.get(value) ?? []), path]);
    return null;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => withoutFiles(item, `${path}.${String(index)}`, files));
  }
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withoutFiles(item, `${path}.${key}`, files)]),
  );
}
