import { type SubmissionFilter, submissions } from '../../analytics/submissions.ts';
import { NotFoundError } from '../../errors.ts';
import { type RecordedSubmission, recordSubmission } from '../../ingest/record-submission.ts';
import { builder } from '../builder.ts';
import { orderInput, resolveList } from '../connection.ts';
import { codeFields, describe, repositoryFields, TimeRange, toNumber } from '../fields.ts';
import { optionalDatabaseId } from '../node-id.ts';
import { SubmissionKindRef, SubmissionStatusRef } from './enums.ts';
import { RepositoryInput } from './repository-input.ts';

export const SubmissionRef = builder.prismaNode('Submission', {
  id: { resolve: ({ id }) => id },
  findUnique: (id, { tenant: { organizationId } }) => ({
    organizationId_id: { organizationId, id },
  }),
  nullable: true,
  fields: (t) => ({
    databaseId: t.exposeString('id', {
      description: '24 hex digits of the submission, as REST clients know it.',
    }),
    key: t.exposeString('key'),
    buildUrl: t.exposeString('buildUrl', { nullable: true }),
    branch: t.exposeString('branch', { nullable: true }),
    commitSha: t.exposeString('commitSha', { nullable: true }),
    treeSha: t.exposeString('treeSha', { nullable: true }),
    source: t.exposeString('source', { nullable: true }),
    kind: t.field({
      type: SubmissionKindRef,
      description: describe('Submission', 'kind'),
      resolve: ({ kind }) => kind,
    }),
    status: t.field({
      type: SubmissionStatusRef,
      description: describe('Submission', 'status'),
      resolve: ({ status }) => status,
    }),
    failureReason: t.exposeString('failureReason', { nullable: true }),
    tags: t.exposeStringList('tags'),
    testResultCount: t.field({
      type: 'SafeInt',
      description: describe('Submission', 'testResultCount'),
      resolve: ({ testResultCount }) => toNumber(testResultCount),
    }),
    rawExpiresAt: t.expose('rawExpiresAt', { type: 'DateTime', nullable: true }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime' }),
  }),
});

export const SubmissionConnection = builder.connectionObject(
  { type: SubmissionRef, name: 'SubmissionConnection', description: 'A page of submissions.' },
  { name: 'SubmissionEdge', description: 'A submission and its place in the list.' },
);

const filter = builder.inputType('SubmissionFilter', {
  description: 'Which submissions. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    ...repositoryFields(t),
    ...codeFields(t),
    kind: t.field({
      type: [SubmissionKindRef],
      description: 'Only uploads that hold one of these.',
    }),
    status: t.field({ type: [SubmissionStatusRef], description: 'Only in one of these states.' }),
    source: t.stringList({ description: 'Only of one of these CI systems.' }),
    buildUrl: t.string({ description: 'Only of the CI build with this web page.' }),
    recordedAt: t.field({ type: TimeRange, description: 'Only recorded in this time.' }),
    text: t.string({ description: 'Only with this text in the key, in any letter case.' }),
  }),
});

const order = orderInput('SubmissionOrder', {
  RECORDED_AT: 'When the reports were made.',
  TEST_RESULT_COUNT: 'Number of recorded attempts.',
});

/** Arguments and filter of every list of submissions. */
export const submissionList = {
  args: { filter, order },
  toFilter: (asked: SubmissionFilter): SubmissionFilter => ({
    ...asked,
    repositoryId: optionalDatabaseId('Repository', asked.repositoryId, ['filter', 'repositoryId']),
  }),
};

builder.queryField('submissions', (t) =>
  t.connection(
    {
      type: SubmissionRef,
      description: 'Submissions, newest first.',
      args: {
        filter: t.arg({ type: filter, description: 'Which submissions.' }),
        orderBy: t.arg({ type: order, description: 'RECORDED_AT DESC when absent.' }),
      },
      resolve: resolveList(submissions, submissionList.toFilter),
    },
    SubmissionConnection,
  ),
);

const RecordSubmissionInput = builder.inputType('RecordSubmissionInput', {
  description:
    'One upload of reports. On a known submission, what is absent or null keeps its value.',
  fields: (t) => ({
    repository: t.field({
      type: RepositoryInput,
      required: true,
      description: 'Repository the reports are about.',
    }),
    key: t.string({ required: true, description: describe('Submission', 'key') }),
    buildId: t.id({
      description:
        'The build it belongs to, by its `id`, its `databaseId` or the id it was sent with.',
    }),
    buildUrl: t.string({ description: "Web page of the CI build; the build's when absent." }),
    branch: t.string({ description: "Branch or ref name; the build's when absent." }),
    commitSha: t.string({ description: "Commit SHA under test; the build's when absent." }),
    treeSha: t.string({ description: "Git tree SHA under test; the build's when absent." }),
    source: t.string({ description: "CI system; the build's when absent." }),
    status: t.field({
      type: SubmissionStatusRef,
      description: 'What became of it; PROCESSED when absent.',
    }),
    failureReason: t.string({ description: 'Why it failed. Goes with FAILED, which needs it.' }),
    tags: t.stringList({ description: describe('Submission', 'tags') }),
    recordedAt: t.field({
      type: 'DateTime',
      description: 'When the reports were made; now when absent. Fixed when first sent.',
    }),
  }),
});

const RecordSubmissionPayload = builder
  .objectRef<RecordedSubmission>('RecordSubmissionPayload')
  .implement({
    description: 'The submission as it is stored now.',
    fields: (t) => ({
      submission: t.field({
        type: SubmissionRef,
        description: 'The submission.',
        resolve: ({ submission }) => submission,
      }),
      created: t.exposeBoolean('created', {
        description: 'False when a known submission was updated.',
      }),
    }),
  });

builder.mutationField('recordSubmission', (t) =>
  t.field({
    type: RecordSubmissionPayload,
    description:
      'Stores one submission, recognised by repository and key; a known one is updated. Needs INGEST.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({ type: RecordSubmissionInput, required: true, description: 'The submission.' }),
    },
    resolve: (_root, { input }, ctx) =>
      recordSubmission(ctx, {
        ...input,
        buildId: optionalDatabaseId('Build', input.buildId, ['input', 'buildId']),
      }),
  }),
);
