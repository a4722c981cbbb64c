import type { TestGateway } from '../support/start-gateway.ts';

export interface Text {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly text: string;
  readonly nextOffset: number | null;
}
export interface Line {
  readonly number: number;
  readonly byteOffset: number;
  readonly text: string;
  readonly isCut: boolean;
}
export interface Matches {
  readonly matches: readonly Line[];
  readonly scannedTo: number;
  readonly hasNextPage: boolean;
  readonly endCursor: string;
}
export interface Section {
  readonly name: string;
  readonly lineNumber: number;
  readonly byteOffset: number;
  readonly sizeBytes: number;
}
export interface Log {
  readonly sizeBytes: number;
  readonly storedBytes: number;
  readonly lineCount: number;
  readonly text: Text;
  readonly lines: { readonly lines: readonly Line[]; readonly nextOffset: number | null };
  readonly search: Matches;
  readonly sections: { readonly totalCount: number; readonly nodes: readonly Section[] };
}

export const nodeId = (id: string) => Buffer.from(`Build:${id}`).toString('base64');

export function ask(
  gateway: TestGateway,
  buildId: string,
  fields: string,
  variables: object = {},
  declared = '',
  key = gateway.key,
) {
  return gateway.graphql<{ node: { log: Log | null } | null }>(
    `query($id: ID!${declared}) { node(id: $id) { ... on Build { log { ${fields} } } } }`,
    { id: nodeId(buildId), ...variables },
    key,
  );
}

/** Asks for fields of the log of a build, which must be there. */
export async function logOf(
  gateway: TestGateway,
  buildId: string,
  fields: string,
  variables?: object,
  declared?: string,
): Promise<Log> {
  const { data, errors } = await ask(gateway, buildId, fields, variables, declared);
  const log = data?.node?.log;
  if (log == null) throw new Error(JSON.stringify(errors));
  return log;
}

const matchFields = 'matches { number byteOffset text isCut } scannedTo hasNextPage endCursor';

export async function search(
  gateway: TestGateway,
  buildId: string,
  args: object,
): Promise<Matches> {
  const declared = ', $text: String!, $ignoreCase: Boolean!, $first: Int!, $after: String';
  const asked = { ignoreCase: false, first: 100, ...args };
  const fields = `search(text: $text, ignoreCase: $ignoreCase, first: $first, after: $after) { ${matchFields} }`;
  return (await logOf(gateway, buildId, fields, asked, declared)).search;
}

export async function searchAll(
  gateway: TestGateway,
  buildId: string,
  args: object,
): Promise<Line[]> {
  const found: Line[] = [];
  let after: string | null = null;
  for (;;) {
    const page: Matches = await search(gateway, buildId, { ...args, after });
    found.push(...page.matches);
    if (!page.hasNextPage) return found;
    after = page.endCursor;
  }
}

/** Every page of the text, so many bytes each. */
export async function textPages(
  gateway: TestGateway,
  buildId: string,
  limit: number,
): Promise<Text[]> {
  const pages: Text[] = [];
  for (let offset: number | null = 0; offset !== null;) {
    const { text }: Log = await logOf(
      gateway,
      buildId,
      'text(offset: $offset, limit: $limit) { offset sizeBytes text nextOffset }',
      { offset, limit },
      ', $offset: SafeInt!, $limit: Int!',
    );
    pages.push(text);
    offset = text.nextOffset;
  }
  return pages;
}

export async function linesFrom(
  gateway: TestGateway,
  buildId: string,
  offset: number,
  limit: number,
): Promise<Log['lines']> {
  const declared = ', $offset: SafeInt!, $limit: Int!';
  const fields =
    'lines(offset: $offset, limit: $limit) { lines { number byteOffset text isCut } nextOffset }';
  return (await logOf(gateway, buildId, fields, { offset, limit }, declared)).lines;
}
