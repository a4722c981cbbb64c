import { beforeAll, expect, test } from 'vitest';
import { dataDir, postgresGone, postmasterPid } from '../support/data-dir.ts';
import { ensureBuilt } from '../support/ensure-built.ts';
import { startProcess } from '../support/start-process.ts';

beforeAll(ensureBuilt);

const key = 'deadbeef'.repeat(5);
const ingests = 200;
const resultsEach = 25;
const enough = 40;

const ingestOperation = `mutation ($build: RecordBuildInput!, $stages: RecordStagesInput!,
    $submission: RecordSubmissionInput!, $results: RecordTestResultsInput!) {
  recordBuild(input: $build) { __typename }
  recordStages(input: $stages) { __typename }
  recordSubmission(input: $submission) { __typename }
  recordTestResults(input: $results) {
    __typename ... on RecordTestResultsPayload { accepted duplicates rejected { reason } } }
}`;

const stored = {
  recordBuild: { __typename: 'RecordBuildPayload' },
  recordStages: { __typename: 'RecordStagesPayload' },
  recordSubmission: { __typename: 'RecordSubmissionPayload' },
  recordTestResults: { __typename: 'RecordTestResultsPayload', rejected: [] },
};

/** What CI sends about one build; all share tests, and four share each code state. */
function payload(index: number) {
  const buildId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const repository = { owner: 'acme', name: 'killed' };
  const status = index % 4 === 0 ? 'FAILED' : 'PASSED';
  return {
    build: {
      id: buildId,
      repository,
      jobName: 'test',
      status: 'SUCCESS',
      treeSha: `tree ${index >> 2}`,
    },
    stages: { buildId, stages: [{ order: 0, name: 'test', status: 'SUCCESS' }] },
    submission: { repository, key: `upload ${index}`, buildId },
    results: {
      buildId,
      results: Array.from({ length: resultsEach }, (_, test) => ({ name: `test ${test}`, status })),
    },
  };
}

async function ask(url: string, query: string, variables: object = {}): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer; // GraphQL over HTTP
}

interface Answer {
  readonly data?: Readonly<Record<string, { readonly totalCount: number }>>;
  readonly errors?: readonly unknown[];
}

const indexes = Array.from({ length: ingests }, (_, index) => index);

/** Builds and the number of their results, by job. */
async function resultsOf(url: string, index: number): Promise<unknown> {
  const id = Buffer.from(`Build:${payload(index).build.id}`).toString('base64');
  const query = `query ($id: ID!) { node(id: $id) { ... on Build {
    stages { totalCount } submissions { totalCount } testResults { totalCount } } } }`;
  return ask(url, query, { id });
}

const whole = {
  data: {
    node: {
      stages: { totalCount: 1 },
      submissions: { totalCount: 1 },
      testResults: { totalCount: resultsEach },
    },
  },
};

test.each([
  ['the gateway', false],
  ['the gateway and its Postgres', true],
])(
  'kill -9 of %s during 200 concurrent ingests loses nothing acknowledged, and a repeat doubles nothing',
  async (_, isPostgresKilled) => {
    const env = { DATA_DIR: await dataDir(), BOOTSTRAP_API_KEY: key, LOG_LEVEL: 'error' };
    const killed = startProcess([], { env });
    const url = await killed.ready();
    const postgres = await postmasterPid(env.DATA_DIR);
    const acknowledged: number[] = [];

    const outcomes = await Promise.all(
      indexes.map((index) =>
        ask(url, ingestOperation, payload(index)).then(
          (answer) => {
            acknowledged.push(index);
            if (acknowledged.length === enough) {
              killed.kill('SIGKILL');
              if (isPostgresKilled) process.kill(postgres ?? 0, 'SIGKILL');
            }
            return answer;
          },
          () => 'cut off' as const,
        ),
      ),
    );
    await killed.ended();
    if (isPostgresKilled) await postgresGone(env.DATA_DIR, postgres);
    const next = startProcess([], { env });
    const again = await next.ready();
    const found = await Promise.all(acknowledged.map((index) => resultsOf(again, index)));
    const repeated = await Promise.all(
      indexes.map((index) => ask(again, ingestOperation, payload(index))),
    );

    expect(outcomes.filter((outcome) => outcome === 'cut off').length).toBeGreaterThan(0);
    expect(outcomes.filter((outcome) => outcome !== 'cut off')).toMatchObject(
      acknowledged.map(() => ({ data: stored })),
    );
    expect(found).toEqual(acknowledged.map(() => whole));
    expect(repeated).toMatchObject(indexes.map(() => ({ data: stored })));
    await expect
      .poll(() => ask(again, countsQuery), { timeout: 30_000, interval: 500 })
      .toEqual({ data: everything });
  },
  120_000,
);

const countsQuery = `{
  builds { totalCount } stages { totalCount } submissions { totalCount } testCases { totalCount }
  testResults { totalCount } repositories { totalCount } flakyTests { totalCount }
}`;

const everything = {
  builds: { totalCount: ingests },
  stages: { totalCount: ingests },
  submissions: { totalCount: ingests },
  testCases: { totalCount: resultsEach },
  testResults: { totalCount: ingests * resultsEach },
  repositories: { totalCount: 1 },
  flakyTests: { totalCount: resultsEach },
};
