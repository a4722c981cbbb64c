import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
} from 'graphql';
import type { Dataset } from './dataset.ts';
import { globalId } from './lists.ts';
import { outgoingNamings } from './namings-outgoing.ts';
import { triageNamings } from './namings-triage.ts';
import { type Names, refusals, type Said } from './naming-words.ts';

/** One way in which a mutation names things by their ids: what it says, by argument. */
export interface Naming {
  readonly variables: object;
  readonly selection: string;
}

/** What a mutation, by its name, says to name things of a dataset in every way there is. */
const namings: Readonly<Record<string, (names: Names) => Said[]>> = {
  recordBuild: ({ build, uuidRun, repository, otherRun }) => {
    const selection = `${refusals} ... on RecordBuildPayload {
      created build { jobName number branch status externalRunId repository { owner name provider url } } }`;
    const named = `${selection} ... on RecordBuildPayload { build { id databaseId } }`; // not random
    const said = { jobName: 'job', status: 'SUCCESS', startedAt: '2026-01-01T00:00:00Z' };
    return [
      { input: { ...said, id: build }, selection: named },
      { input: { ...said, id: globalId('Build', build) }, selection },
      { input: { ...said, number: 1, externalRunId: uuidRun }, selection },
      { input: { ...said, number: 2, externalRunId: otherRun }, selection },
      { input: { ...said, number: 3, repository }, selection },
    ];
  },
  recordStages: ({ build }) =>
    [build, globalId('Build', build)].map((buildId) => ({
      input: {
        buildId,
        stages: [{ order: 0, externalId: build, name: 'compile', status: 'SUCCESS' }],
      },
      selection: `${refusals} ... on RecordStagesPayload { accepted }`,
    })),
  recordCodeowners: ({ repository }) => [
    {
      input: { repository, content: '* @mine', recordedAt: '2026-01-01T00:00:00Z' },
      selection: `${refusals} ... on RecordCodeownersPayload { created repository { name codeowners { ruleCount } } }`,
    },
  ],
  recordAgents: () => [
    {
      input: {
        instance: 'https://ci.example.org',
        agents: [{ name: 'agent-0', status: 'ONLINE' }],
        recordedAt: '2026-01-01T00:00:00Z',
      },
      selection: `${refusals} ... on RecordAgentsPayload { server accepted rejected { reason } }`,
    },
  ],
  recordSubmission: ({ build, repository, key }) => {
    const selection = `${refusals} ... on RecordSubmissionPayload { submission { key branch testResultCount } }`;
    const mine = { owner: 'mine', name: 'mine' };
    return [
      { input: { repository: mine, key: 'one', buildId: build }, selection },
      { input: { repository: mine, key: 'one', buildId: globalId('Build', build) }, selection },
      { input: { repository, key, recordedAt: '2026-01-01T00:00:00Z' }, selection },
    ];
  },
  recordTestResults: ({ build, submission, invocation, repository }) => {
    const selection = `${refusals} ... on RecordTestResultsPayload { accepted duplicates }`;
    const results = [{ name: 'test', status: 'PASSED' }];
    return [
      { buildId: build },
      { buildId: globalId('Build', build) },
      { submissionId: submission },
      { submissionId: globalId('Submission', submission) },
      { invocationId: invocation },
      { invocationId: globalId('Invocation', invocation) },
      { buildId: build, submissionId: submission, invocationId: invocation, repository },
    ].map((parents) => ({ input: { ...parents, results }, selection }));
  },
  recordInvocation: ({ invocation, otherRun, repository }) => {
    const selection = `${refusals} ... on RecordInvocationPayload {
      created invocation { id databaseId command runId targets { totalCount } repository { owner name } } }`;
    const said = { id: invocation, status: 'COMPLETE', startedAt: '2026-01-01T00:00:00Z' };
    return [
      { input: said, selection },
      { input: { ...said, runId: otherRun, parentRunId: otherRun, repository }, selection },
      { input: { ...said, id: globalId('Invocation', invocation) }, selection },
    ];
  },
  setNameFolding: ({ repositoryId }) =>
    [repositoryId, globalId('Repository', repositoryId)].map((id) => ({
      input: { repositoryId: id, rules: ['UUIDS'] },
      selection: `${refusals} ... on SetNameFoldingPayload { repository { name nameFolding } }`,
    })),
  mergeTestCases: ({ testCase, otherTestCase }) =>
    [
      [testCase, otherTestCase],
      [otherTestCase, testCase],
      [globalId('TestCase', testCase), otherTestCase],
    ].map(([from, into]) => ({
      input: { from: [from], into },
      selection: `${refusals} ... on MergeTestCasesPayload { testCase { name } }`,
    })),
  unmergeTestCase: ({ testCase }) =>
    [testCase, globalId('TestCase', testCase)].map((id) => ({
      input: { id },
      selection: `${refusals} ... on UnmergeTestCasePayload { testCase { name } }`,
    })),
  ...triageNamings,
  uploadTestReports: (names) =>
    targetsOf(names).map((input) => ({
      input,
      selection: `${refusals} ... on UploadTestReportsPayload { accepted duplicates ${uploaded} }`,
    })),
  uploadCoverage: (names) =>
    targetsOf(names).map((input) => ({
      input,
      selection: `${refusals} ... on UploadCoveragePayload { created report { coveredLines } ${uploaded} }`,
    })),
  uploadSecurityReport: (names) =>
    targetsOf(names).map((input) => ({
      input,
      selection: `${refusals} ... on UploadSecurityReportPayload { created reports { tool } ${uploaded} }`,
    })),
  uploadBuildLog: ({ build }) =>
    [build, globalId('Build', build)].map((buildId) => ({
      input: { buildId },
      selection: `${refusals} ... on UploadBuildLogPayload { replaced build { jobName } log { sizeBytes lineCount } }`,
    })),
  reprocessSubmission: ({ submission }) =>
    [submission, globalId('Submission', submission)].map((id) => ({
      id,
      selection: `${refusals} ... on ReprocessSubmissionPayload { ${uploaded} }`,
    })),
  createWebhookSource: () => [],
  revokeWebhookSource: ({ webhookSource }) =>
    [webhookSource, globalId('WebhookSource', webhookSource)].map((id) => ({
      input: { id },
      selection: `${refusals} ... on RevokeWebhookSourcePayload { source { name } }`,
    })),
  redeliverWebhook: ({ webhookDelivery }) =>
    [webhookDelivery, globalId('WebhookDelivery', webhookDelivery)].map((id) => ({
      id,
      selection: `${refusals} ... on RedeliverWebhookPayload { delivery { event } }`,
    })),
  ...outgoingNamings,
  createApiKey: () => [],
  revokeApiKey: ({ apiKey }) =>
    [apiKey, globalId('ApiKey', apiKey)].map((id) => ({
      input: { id },
      selection: `${refusals} ... on RevokeApiKeyPayload { apiKey { name } }`,
    })),
};

const uploaded = `files { name format attempts accepted duplicates problem }
  submission { status branch testResultCount } build { jobName number url branch commitSha source }`;

/** Builds of uploads, by all that finds them. */
function targetsOf({ build, buildUrl, jobName, repository }: Names): object[] {
  return [
    { buildId: build },
    { buildId: globalId('Build', build) },
    { repository, buildUrl },
    { repository, jobName, number: 1 },
  ];
}

/** Names of the things at one position of a dataset. */
export function namesOf(dataset: Dataset, index: number): Names {
  const at = <Row>(rows: readonly Row[]): Row => {
    const row = rows[index];
    if (row === undefined) throw new Error('the dataset is too small');
    return row;
  };
  const { owner, name, id: repositoryId } = at(dataset.Repository);
  const { id: build, externalRunId, url, jobName } = at(dataset.Build);
  return {
    build,
    buildUrl: url ?? '',
    jobName,
    submission: at(dataset.Submission).id,
    invocation: at(dataset.Invocation).id,
    apiKey: at(dataset.ApiKey).id,
    webhookSource: at(dataset.WebhookSource).id,
    webhookDelivery: at(dataset.WebhookDelivery).id,
    endpoint: at(dataset.WebhookEndpoint).id,
    outgoingDelivery: at(dataset.OutgoingWebhookDelivery).id,
    repositoryId,
    repository: { owner, name },
    testCase: at(dataset.TestCase).id,
    otherTestCase: dataset.TestCase[index + 3]?.id ?? '',
    testResult: at(dataset.TestResult).id,
    key: at(dataset.Submission).key,
    uuidRun: build,
    otherRun: externalRunId ?? '',
  };
}

/** How a mutation names things. Fails for a mutation, or an id in it, not known here. */
export function namingsOf(schema: GraphQLSchema, mutation: string, names: Names): Naming[] {
  const known = namings[mutation];
  if (known === undefined)
    throw new Error(
      `tests do not know Mutation.${mutation}: say in namings.ts how it names things`,
    );
  const made = known(names).map(({ selection, ...variables }) => ({ selection, variables }));
  const said = new Set(made.flatMap(({ variables }) => pathsOf(variables)));
  const ids = argumentsOf(schema, mutation).flatMap(({ name, type }) => idPaths(name, type, []));
  const missing = ids.filter((path) => !said.has(path));
  if (missing.length > 0)
    throw new Error(`tests do not say ${mutation}(${missing.join(', ')}): add it in namings.ts`);
  return made;
}

/** The mutation as an operation with a variable for each of its arguments. */
export function operationOf(schema: GraphQLSchema, mutation: string, selection: string): string {
  const args = argumentsOf(schema, mutation);
  const variables = args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = args.map(({ name }) => `${name}: $${name}`).join(', ');
  return `mutation(${variables}) { ${mutation}(${passed}) { ${selection} } }`;
}

/** Name of the argument in which a mutation takes files, and with them a multipart request. */
export function fileArgument(schema: GraphQLSchema, mutation: string): string | null {
  const files = argumentsOf(schema, mutation).find(
    ({ type }) => getNamedType(type).name === 'File',
  );
  return files?.name ?? null;
}

function argumentsOf(schema: GraphQLSchema, mutation: string): readonly GraphQLArgument[] {
  return schema.getMutationType()?.getFields()[mutation]?.args ?? [];
}

/** Paths of an argument's fields that are ids, by type or by name. */
function idPaths(name: string, type: GraphQLInputType, above: readonly string[]): string[] {
  const named = getNamedType(type);
  const path = [...above, name];
  if (named.name === 'ID' || /(^id|Id)$/.test(name)) return [path.join('.')];
  if (!isInputObjectType(named)) return [];
  const fields = Object.values(named.getFields());
  return fields.flatMap((field) => idPaths(field.name, field.type, path));
}

function pathsOf(value: unknown, path: readonly string[] = []): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, path));
  if (typeof value !== 'object' || value === null) return [path.join('.')];
  return Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]));
}
