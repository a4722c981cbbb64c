import { type TestResultFilter, testResults } from '../../analytics/test-results.ts';
import { NotFoundError } from '../../errors.ts';
import { type RecordedTestResults, recordTestResults } from '../../ingest/record-test-results.ts';
import { builder } from '../builder.ts';
import { orderInput, resolveList } from '../connection.ts';
import { codeFields, describe, repositoryFields, TimeRange, toNumber } from '../fields.ts';
import { optionalDatabaseId } from '../node-id.ts';
import { BuildRef } from './build.ts';
import { EvidenceGuardRef, TestStatusRef } from './enums.ts';
import { InvocationRef } from './invocation.ts';
import { RejectRef } from './reject.ts';
import { RepositoryInput } from './repository-input.ts';
import { SubmissionRef } from './submission.ts';

export const TestResultRef = builder.prismaNode('TestResult', {
  id: { resolve: ({ id }) => id },
  // Never asked: node(id:) reads by id and the second it begins with, which Prisma cannot say.
  findUnique: (id, { tenant: { organizationId } }) => ({
    organizationId_recordedAt_id: { organizationId, id, recordedAt: new Date(0) },
  }),
  nullable: true,
  fields: (t) => ({
    databaseId: t.exposeString('id', {
      description: '24 hex digits of the result, as REST clients know it.',
    }),
    attempt: t.exposeInt('attempt'),
    status: t.field({
      type: TestStatusRef,
      description: describe('TestResult', 'status'),
      resolve: ({ status }) => status,
    }),
    statusRaw: t.exposeString('statusRaw'),
    durationMs: t.float({
      nullable: true,
      description:
        'Run time in milliseconds, with up to three decimals; null when the report has none.',
      resolve: ({ durationUs }) => (durationUs === null ? null : Number(durationUs) / 1000),
    }),
    durationUs: t.field({
      type: 'SafeInt',
      nullable: true,
      description: describe('TestResult', 'durationUs'),
      resolve: ({ durationUs }) => toNumber(durationUs),
    }),
    message: t.exposeString('message', { nullable: true }),
    stackTrace: t.exposeString('stackTrace', { nullable: true }),
    failureType: t.exposeString('failureType', { nullable: true }),
    output: t.exposeString('output', { nullable: true }),
    line: t.exposeInt('line', { nullable: true }),
    properties: t.expose('properties', { type: 'JSONObject', nullable: true }),
    branch: t.exposeString('branch', { nullable: true }),
    commitSha: t.exposeString('commitSha', { nullable: true }),
    codeState: t.exposeString('codeState', { nullable: true }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime' }),
    guard: t.field({
      type: EvidenceGuardRef,
      nullable: true,
      description: describe('TestResult', 'guard'),
      resolve: ({ guard }) => guard,
    }),
  }),
});

export const TestResultConnection = builder.connectionObject(
  { type: TestResultRef, name: 'TestResultConnection', description: 'A page of test results.' },
  { name: 'TestResultEdge', description: 'A test result and its place in the list.' },
);

const filter = builder.inputType('TestResultFilter', {
  description: 'Which test results. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    ...repositoryFields(t),
    ...codeFields(t),
    codeState: t.string({
      description: 'Only of this code: a git tree SHA, or a commit SHA where no tree was known.',
    }),
    status: t.field({ type: [TestStatusRef], description: 'Only with one of these outcomes.' }),
    jobName: t.stringList({ description: 'Only of builds of one of these jobs.' }),
    source: t.stringList({ description: 'Only of builds of one of these CI systems.' }),
    recordedAt: t.field({ type: TimeRange, description: 'Only recorded in this time.' }),
    text: t.string({
      description:
        "Only with this text in the test's suite, class, name or file, in any letter case.",
    }),
  }),
});

const order = orderInput('TestResultOrder', {
  RECORDED_AT: 'When the attempt ran.',
  DURATION: 'Run time; a result without one counts as shorter than any.',
});

/** Arguments and filter of every list of test results. */
export const testResultList = {
  args: { filter, order },
  toFilter: (asked: TestResultFilter): TestResultFilter => ({
    ...asked,
    repositoryId: optionalDatabaseId('Repository', asked.repositoryId, ['filter', 'repositoryId']),
  }),
};

builder.queryField('testResults', (t) =>
  t.connection(
    {
      type: TestResultRef,
      description: 'Test results, newest first.',
      args: {
        filter: t.arg({ type: filter, description: 'Which results.' }),
        orderBy: t.arg({ type: order, description: 'RECORDED_AT DESC when absent.' }),
      },
      resolve: resolveList(testResults, testResultList.toFilter),
    },
    TestResultConnection,
  ),
);

const TestResultInput = builder.inputType('TestResultInput', {
  description: 'One attempt of one test.',
  fields: (t) => ({
    suite: t.string({ description: describe('TestCase', 'suite') }),
    className: t.string({ description: describe('TestCase', 'className') }),
    name: t.string({ required: true, description: describe('TestCase', 'name') }),
    file: t.string({ description: describe('TestCase', 'file') }),
    variant: t.string({ description: describe('TestCase', 'variant') }),
    status: t.field({
      type: TestStatusRef,
      required: true,
      description: describe('TestResult', 'status'),
    }),
    statusRaw: t.string({
      description: "The report's own word for the outcome; the enum's when absent.",
    }),
    durationUs: t.field({ type: 'SafeInt', description: describe('TestResult', 'durationUs') }),
    message: t.string({ description: describe('TestResult', 'message') }),
    stackTrace: t.string({ description: describe('TestResult', 'stackTrace') }),
    failureType: t.string({ description: describe('TestResult', 'failureType') }),
    output: t.string({ description: describe('TestResult', 'output') }),
    line: t.int({ description: describe('TestResult', 'line') }),
    properties: t.field({
      type: 'JSONObject',
      description: 'Properties of the test, name to text; up to 100.',
    }),
    attempt: t.int({
      description:
        'Attempt, from 1; when absent, how often the test was mentioned in this request so far.',
    }),
    recordedAt: t.field({
      type: 'DateTime',
      description:
        'When the attempt ran; the fixed time of its submission, build or invocation when absent.',
    }),
  }),
});

const RecordTestResultsInput = builder.inputType('RecordTestResultsInput', {
  description:
    'Attempts that belong to a build, a submission or an invocation; at least one of them. Up to 20,000 in a request.',
  fields: (t) => ({
    buildId: t.id({
      description: 'The build, by its `id`, its `databaseId` or the id it was sent with.',
    }),
    submissionId: t.id({ description: 'The submission, by its `id` or `databaseId`.' }),
    invocationId: t.id({ description: 'The Bazel invocation, by its `id` or `databaseId`.' }),
    repository: t.field({
      type: RepositoryInput,
      description: 'Repository of the tests; needed only when what they belong to has none.',
    }),
    branch: t.string({ description: 'Branch; that of what they belong to when absent.' }),
    commitSha: t.string({ description: 'Commit SHA; that of what they belong to when absent.' }),
    treeSha: t.string({ description: 'Git tree SHA; that of what they belong to when absent.' }),
    results: t.field({
      type: [TestResultInput],
      required: true,
      description: 'The attempts, in any order.',
    }),
  }),
});

const RecordTestResultsPayload = builder
  .objectRef<RecordedTestResults>('RecordTestResultsPayload')
  .implement({
    description: 'What became of the results.',
    fields: (t) => ({
      build: t.field({
        type: BuildRef,
        nullable: true,
        description: 'The build they belong to.',
        authScopes: { capability: 'READ' }, // an INGEST key names it, and reads nothing of it
        resolve: ({ parents }) => parents.build,
      }),
      submission: t.field({
        type: SubmissionRef,
        nullable: true,
        description: 'The submission they belong to, as it was before this request.',
        authScopes: { capability: 'READ' },
        resolve: ({ parents }) => parents.submission,
      }),
      invocation: t.field({
        type: InvocationRef,
        nullable: true,
        description: 'The invocation they belong to.',
        authScopes: { capability: 'READ' },
        resolve: ({ parents }) => parents.invocation,
      }),
      accepted: t.exposeInt('accepted', { description: 'How many are new and stored.' }),
      duplicates: t.exposeInt('duplicates', { description: 'How many were stored before.' }),
      rejected: t.field({
        type: [RejectRef],
        description: 'Those that are not stored, and why.',
        resolve: ({ rejected }) => [...rejected],
      }),
    }),
  });

builder.mutationField('recordTestResults', (t) =>
  t.field({
    type: RecordTestResultsPayload,
    description:
      'Stores attempts of tests. Sent again, an attempt is stored once: it is recognised by what it belongs to, its test, attempt number, outcome, duration and message. Needs INGEST.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({ type: RecordTestResultsInput, required: true, description: 'The results.' }),
    },
    resolve: (_root, { input }, ctx) =>
      recordTestResults(ctx, {
        ...input,
        buildId: optionalDatabaseId('Build', input.buildId, ['input', 'buildId']),
        submissionId: optionalDatabaseId('Submission', input.submissionId, [
          'input',
          'submissionId',
        ]),
        invocationId: optionalDatabaseId('Invocation', input.invocationId, [
          'input',
          'invocationId',
        ]),
      }),
  }),
);
