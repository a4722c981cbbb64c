import {
  getNamedType,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
} from 'graphql';
import type { Dataset } from './dataset.ts';
import { globalId } from './lists.ts';

/** One input of a mutation that names things by their ids. */
export interface Naming {
  readonly input: object;
  readonly selection: string;
}

const refusals = `__typename ... on Error { message } ... on ValidationError { issues { path message } }`;

/** Inputs of a mutation, by its name, that name things of a dataset in every way there is. */
const namings: Readonly<Record<string, (names: Names) => Naming[]>> = {
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
      input: { buildId, stages: [{ order: 0, name: 'compile', status: 'SUCCESS' }] },
      selection: `${refusals} ... on RecordStagesPayload { accepted }`,
    })),
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
  createApiKey: () => [],
  revokeApiKey: ({ apiKey }) =>
    [apiKey, globalId('ApiKey', apiKey)].map((id) => ({
      input: { id },
      selection: `${refusals} ... on RevokeApiKeyPayload { apiKey { name } }`,
    })),
};

/** What a dataset's owner calls its things. */
export interface Names {
  readonly build: string;
  readonly submission: string;
  readonly invocation: string;
  readonly apiKey: string;
  readonly repositoryId: string;
  readonly repository: { readonly owner: string; readonly name: string };
  readonly testCase: string;
  readonly otherTestCase: string;
  readonly key: string;
  readonly uuidRun: string;
  readonly otherRun: string;
}

/** Names of the things at one position of a dataset. */
export function namesOf(dataset: Dataset, index: number): Names {
  const at = <Row>(rows: readonly Row[]): Row => {
    const row = rows[index];
    if (row === undefined) throw new Error('the dataset is too small');
    return row;
  };
  const { owner, name, id: repositoryId } = at(dataset.Repository);
  const { id: build, externalRunId } = at(dataset.Build);
  return {
    build,
    submission: at(dataset.Submission).id,
    invocation: at(dataset.Invocation).id,
    apiKey: at(dataset.ApiKey).id,
    repositoryId,
    repository: { owner, name },
    testCase: at(dataset.TestCase).id,
    otherTestCase: dataset.TestCase[index + 3]?.id ?? '',
    key: at(dataset.Submission).key,
    uuidRun: build,
    otherRun: externalRunId ?? '',
  };
}

/** The inputs with which a mutation names things. Fails for a mutation, or an id in it, not known here. */
export function namingsOf(schema: GraphQLSchema, mutation: string, names: Names): Naming[] {
  const known = namings[mutation];
  if (known === undefined)
    throw new Error(
      `tests do not know Mutation.${mutation}: say in namings.ts how it names things`,
    );
  const made = known(names);
  const said = new Set(made.flatMap(({ input }) => pathsOf(input)));
  const field = schema.getMutationType()?.getFields()[mutation];
  const ids = (field?.args ?? []).flatMap(({ type }) => idPaths(type, []));
  const missing = ids.filter((path) => !said.has(path));
  if (missing.length > 0)
    throw new Error(`tests do not say ${mutation}(${missing.join(', ')}): add it in namings.ts`);
  return made;
}

/** Paths of the input's fields that are ids, by type or by name. */
function idPaths(type: GraphQLInputType, path: readonly string[]): string[] {
  const input = getNamedType(type);
  if (!isInputObjectType(input)) return [];
  return Object.values(input.getFields()).flatMap((field) => {
    const here = [...path, field.name];
    const isId = getNamedType(field.type).name === 'ID' || /(^id|Id)$/.test(field.name);
    return isId ? [here.join('.')] : idPaths(field.type, here);
  });
}

function pathsOf(value: unknown, path: readonly string[] = []): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, path));
  if (typeof value !== 'object' || value === null) return [path.join('.')];
  return Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]));
}
