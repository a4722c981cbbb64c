import { expect, test } from 'vitest';
import { startGateway } from '../support/start-gateway.ts';
import { createConsumerProject } from './consumer-project.ts';

const program = `
import {
  BuildsDocument,
  BuildUpdatedDocument,
  FlakyTestsDocument,
  GraphQLRequestError,
  RecordBuildDocument,
  RecordTestResultsDocument,
  createClient,
  type BuildStatus,
  type RecordBuildInput,
} from 'buildatlas/client';

const [url = '', apiKey = ''] = process.argv.slice(2);
const client = createClient({ url, apiKey });

const input: RecordBuildInput = {
  id: '0190a1b2-0000-7000-8000-000000000001',
  repository: { owner: 'acme', name: 'widgets' },
  jobName: 'unit-tests',
  status: 'IN_PROGRESS',
  startedAt: '2026-01-02T03:04:05.000Z',
};
const { recordBuild } = await client.query(RecordBuildDocument, { input });
if (recordBuild.__typename !== 'RecordBuildPayload') throw new Error(recordBuild.message);

const { recordTestResults } = await client.query(RecordTestResultsDocument, {
  input: { buildId: recordBuild.build.id, results: [{ name: 'adds', status: 'PASSED' }] },
});
const accepted: number | string =
  recordTestResults.__typename === 'RecordTestResultsPayload'
    ? recordTestResults.accepted
    : recordTestResults.message;

const refusal = await client.query(RecordBuildDocument, { input: { ...input, jobName: '' } });
const issues =
  refusal.recordBuild.__typename === 'ValidationError' ? refusal.recordBuild.issues : [];

const { builds } = await client.query(BuildsDocument);
const statuses: BuildStatus[] = builds.nodes.map((build) => build.status);
const { flakyTests } = await client.query(FlakyTestsDocument, { first: 1 });

const stranger = createClient({ url, apiKey: '0'.repeat(40) });
const failure = await stranger.query(BuildsDocument).catch((error: unknown) => error);
const failedWith = failure instanceof GraphQLRequestError ? failure.status : null;

const repositoryId = builds.nodes[0]?.repository?.id ?? '';
const updates = client.subscribe(BuildUpdatedDocument, { repositoryId });
const update = updates.next();
// The gateway does not say when it began to listen, so something keeps happening until it heard.
let durationMs = 0;
const timer = setInterval(() => {
  const change = { ...input, status: 'SUCCESS' as const, durationMs: ++durationMs };
  client.query(RecordBuildDocument, { input: change }).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}, 100);
const heard = (await update).value?.buildUpdated.status;
clearInterval(timer);
await updates.return();

console.log(
  JSON.stringify({
    created: recordBuild.created,
    accepted,
    paths: issues.map((issue) => issue.path.join('.')),
    statuses,
    flaky: flakyTests.nodes.length,
    failedWith,
    heard,
  }),
);
`;

const mistake = `
import { createClient, RecordBuildDocument } from 'buildatlas/client';

await createClient({ url: '', apiKey: '' }).query(RecordBuildDocument, {
  input: { jobName: 7, status: 'SUCCESS' },
});
`;

// The compiler runs twice.
const patience = { timeout: 120_000 };

test(
  'a project that uses the package compiles, runs, and hears of its mistakes',
  patience,
  async () => {
    const gateway = await startGateway();
    const project = await createConsumerProject({ 'program.ts': program, 'mistake.ts': mistake });

    const complaints = await project.compile();
    const { stdout } = await project.run('program.js', [`${gateway.url}/graphql`, gateway.key]);

    expect(complaints.trim()).toMatch(
      /^mistake\.ts\(5,12\): error TS2322: Type 'number' .*'string'/,
    );
    expect(complaints.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toEqual({
      created: true,
      accepted: 1,
      paths: ['input.jobName'],
      statuses: ['IN_PROGRESS'],
      flaky: 0,
      failedWith: 401,
      heard: 'SUCCESS',
    });
  },
);
