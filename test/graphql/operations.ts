import type { TestGateway } from '../support/start-gateway.ts';

const refusals = '... on Error { message } ... on ValidationError { issues { path message } }';

/** Every mutation that stores something, asking for nothing but what became of it. */
export const ingestMutations = {
  recordBuild: `mutation($input: RecordBuildInput!) {
    recordBuild(input: $input) { __typename ... on RecordBuildPayload { created build { id } } ${refusals} } }`,
  recordStages: `mutation($input: RecordStagesInput!) {
    recordStages(input: $input) { __typename ... on RecordStagesPayload { accepted } ${refusals} } }`,
  recordTestResults: `mutation($input: RecordTestResultsInput!) {
    recordTestResults(input: $input) { __typename ... on RecordTestResultsPayload { accepted } ${refusals} } }`,
  recordSubmission: `mutation($input: RecordSubmissionInput!) {
    recordSubmission(input: $input) { __typename ... on RecordSubmissionPayload { created submission { id } } ${refusals} } }`,
  recordAgents: `mutation($input: RecordAgentsInput!) {
    recordAgents(input: $input) { __typename ... on RecordAgentsPayload { accepted } ${refusals} } }`,
  recordInvocation: `mutation($input: RecordInvocationInput!) {
    recordInvocation(input: $input) { __typename ... on RecordInvocationPayload { created invocation { id } } ${refusals} } }`,
} as const;

const repository = { owner: 'acme', name: 'widgets' };
const id = '0190a1b2-0000-7000-8000-000000000001';

/** One good input for each of them; stages and results go to the build. */
export const ingestInputs: Readonly<Record<keyof typeof ingestMutations, object>> = {
  recordBuild: { id, repository, jobName: 'ci', number: 1, status: 'SUCCESS', branch: 'main' },
  recordStages: { buildId: id, stages: [{ order: 0, name: 'compile', status: 'SUCCESS' }] },
  recordTestResults: { buildId: id, results: [{ name: 'adds', status: 'PASSED' }] },
  recordSubmission: { repository, key: 'first', buildId: id },
  recordAgents: {
    instance: 'https://ci.example.org',
    agents: [{ name: 'runner', status: 'ONLINE' }],
  },
  recordInvocation: { id: '0190a1b2-0000-7000-8000-000000000002', status: 'COMPLETE', repository },
};

export const ingestNames = [
  'recordBuild',
  'recordStages',
  'recordTestResults',
  'recordSubmission',
  'recordAgents',
  'recordInvocation',
] as const satisfies readonly (keyof typeof ingestMutations)[];

/** Stores one of everything with the key; gives the answers. */
export async function recordAll(gateway: TestGateway, key: string): Promise<unknown[]> {
  const answers = [];
  for (const name of ingestNames) {
    const answer = await gateway.graphql(ingestMutations[name], { input: ingestInputs[name] }, key);
    answers.push(answer);
  }
  return answers;
}
