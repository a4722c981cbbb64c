import { randomUUID } from 'node:crypto';
import { globalId } from '../../graphql/lists.ts';
import type { TestGateway } from '../../support/start-gateway.ts';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Report = (resource: string, body: unknown, key?: string) => Promise<Answer>;

/** Posts to the ingest API as BuildButler's clients do; text is sent as it is. */
export function shimClient(gateway: TestGateway): Report {
  return async (resource, body, key = gateway.key) => {
    const headers = { authorization: '', 'x-api-key': key };
    const response = await gateway.post(`/api/v1/ingest/${resource}`, body, headers);
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
}

/** A build that is known by its id. */
export function aBuild(fields: object = {}) {
  return {
    id: randomUUID(),
    jobName: 'unit-tests',
    buildNumber: 7,
    status: 'SUCCESS',
    duration: 1000,
    startedAt: '2026-03-02T10:00:00Z',
    completedAt: '2026-03-02T10:00:01Z',
    jenkinsInstanceId: 'acme/widgets',
    source: 'github',
    ...fields,
  };
}

/** A suite of one passing case. */
export function aSuite(buildId: string, fields: object = {}) {
  return { buildId, name: 'suite', duration: 1, testCases: [aCase()], ...fields };
}

export function aCase(fields: object = {}) {
  return { className: 'C', testName: 'works', status: 'PASSED', duration: 1.5, ...fields };
}

/** What GraphQL says of a build by its stored id; undefined when there is none. */
export async function readBuild<Fields = Readonly<Record<string, unknown>>>(
  gateway: TestGateway,
  id: unknown,
  fields: string,
  key = gateway.key,
): Promise<Fields | null | undefined> {
  const { data, errors } = await gateway.graphql<{ node: Fields | null }>(
    `query ($id: ID!) { node(id: $id) { ... on Build { ${fields} } } }`,
    { id: globalId('Build', String(id)) },
    key,
  );
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data?.node;
}

export interface ReadResult {
  readonly status: string;
  readonly statusRaw: string;
  readonly durationUs: number | null;
  readonly attempt: number;
  readonly message: string | null;
  readonly stackTrace: string | null;
  readonly testCase: { readonly suite: string; readonly className: string; readonly name: string };
}

/** What GraphQL says of the test results of a build, at most 100, ordered by suite, name and attempt. */
export async function resultsOf(gateway: TestGateway, buildId: unknown): Promise<ReadResult[]> {
  const build = await readBuild<{ testResults: { nodes: ReadResult[] } }>(
    gateway,
    buildId,
    `testResults(first: 100) { nodes {
      status statusRaw durationUs attempt message stackTrace testCase { suite className name } } }`,
  );
  const place = ({ testCase: { suite, name }, attempt }: ReadResult) =>
    JSON.stringify([suite, name, attempt]);
  return (build?.testResults.nodes ?? []).sort((one, other) =>
    place(one) < place(other) ? -1 : 1,
  );
}
