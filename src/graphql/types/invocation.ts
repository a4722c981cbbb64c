import { type InvocationFilter, invocations } from '../../analytics/invocations.ts';
import { type RecordedInvocation, recordInvocation } from '../../ingest/record-invocation.ts';
import { builder } from '../builder.ts';
import { orderInput, resolveList } from '../connection.ts';
import { codeFields, describe, repositoryFields, TimeRange, toNumber } from '../fields.ts';
import { optionalDatabaseId } from '../node-id.ts';
import { InvocationStatusRef, TargetStatusRef } from './enums.ts';
import { RejectRef } from './reject.ts';
import { RepositoryInput } from './repository-input.ts';

export const InvocationRef = builder.prismaNode('Invocation', {
  id: { resolve: ({ id }) => id },
  findUnique: (id, { tenant: { organizationId } }) => ({
    organizationId_id: { organizationId, id },
  }),
  nullable: true,
  fields: (t) => ({
    databaseId: t.exposeString('id', { description: "Bazel's invocation id, a UUID." }),
    command: t.exposeString('command', { nullable: true }),
    patterns: t.exposeStringList('patterns'),
    user: t.exposeString('user', { nullable: true }),
    host: t.exposeString('host', { nullable: true }),
    role: t.exposeString('role', { nullable: true }),
    status: t.field({
      type: InvocationStatusRef,
      description: describe('Invocation', 'status'),
      resolve: ({ status }) => status,
    }),
    success: t.exposeBoolean('success', { nullable: true }),
    exitCode: t.exposeString('exitCode', { nullable: true }),
    durationUs: t.field({
      type: 'SafeInt',
      nullable: true,
      description: describe('Invocation', 'durationUs'),
      resolve: ({ durationUs }) => toNumber(durationUs),
    }),
    actionCount: t.field({
      type: 'SafeInt',
      nullable: true,
      description: describe('Invocation', 'actionCount'),
      resolve: ({ actionCount }) => toNumber(actionCount),
    }),
    branch: t.exposeString('branch', { nullable: true }),
    commitSha: t.exposeString('commitSha', { nullable: true }),
    treeSha: t.exposeString('treeSha', { nullable: true }),
    tags: t.exposeStringList('tags'),
    runId: t.exposeString('runId', { nullable: true }),
    parentRunId: t.exposeString('parentRunId', { nullable: true }),
    buildMetadata: t.expose('buildMetadata', { type: 'JSONObject' }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
  }),
});

export const InvocationConnection = builder.connectionObject(
  {
    type: InvocationRef,
    name: 'InvocationConnection',
    description: 'A page of Bazel invocations.',
  },
  { name: 'InvocationEdge', description: 'An invocation and its place in the list.' },
);

const filter = builder.inputType('InvocationFilter', {
  description: 'Which invocations. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    ...repositoryFields(t),
    ...codeFields(t),
    command: t.stringList({ description: 'Only of one of these commands, e.g. `test`.' }),
    status: t.field({ type: [InvocationStatusRef], description: 'Only in one of these states.' }),
    success: t.boolean({ description: 'Only those that did, or did not, end with exit code 0.' }),
    user: t.string({ description: 'Only run by this user.' }),
    role: t.string({ description: 'Only in this role, e.g. `CI`.' }),
    recordedAt: t.field({ type: TimeRange, description: 'Only begun in this time.' }),
    text: t.string({
      description: 'Only with this text in the target patterns, in any letter case.',
    }),
  }),
});

const order = orderInput('InvocationOrder', {
  RECORDED_AT: 'When it began.',
  DURATION: 'Run time; one that has not finished counts as shorter than any.',
});

/** Arguments and filter of every list of invocations. */
export const invocationList = {
  args: { filter, order },
  toFilter: (asked: InvocationFilter): InvocationFilter => ({
    ...asked,
    repositoryId: optionalDatabaseId('Repository', asked.repositoryId, ['filter', 'repositoryId']),
  }),
};

builder.queryField('invocations', (t) =>
  t.connection(
    {
      type: InvocationRef,
      description: 'Bazel invocations, newest first.',
      args: {
        filter: t.arg({ type: filter, description: 'Which invocations.' }),
        orderBy: t.arg({ type: order, description: 'RECORDED_AT DESC when absent.' }),
      },
      resolve: resolveList(invocations, invocationList.toFilter),
    },
    InvocationConnection,
  ),
);

const TargetInput = builder.inputType('TargetInput', {
  description: 'One target of an invocation.',
  fields: (t) => ({
    label: t.string({ required: true, description: 'Label, e.g. `//app:login_test`.' }),
    ruleType: t.string({ description: 'Rule, e.g. `sh_test`.' }),
    status: t.field({ type: TargetStatusRef, required: true, description: 'What became of it.' }),
    tags: t.stringList({ description: 'Labels of the target.' }),
    durationUs: t.field({ type: 'SafeInt', description: 'Run time in microseconds, for tests.' }),
    startedAt: t.field({ type: 'DateTime', description: 'When it began, for tests.' }),
  }),
});

const BuildMetadataInput = builder.inputType('BuildMetadataInput', {
  description: 'One entry of the BuildMetadata event.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'Name, e.g. `ROLE`.' }),
    value: t.string({ required: true, description: 'Value.' }),
  }),
});

const RecordInvocationInput = builder.inputType('RecordInvocationInput', {
  description: 'One Bazel invocation. On a known one, what is absent or null keeps its value.',
  fields: (t) => ({
    id: t.string({ required: true, description: describe('Invocation', 'id') }),
    repository: t.field({
      type: RepositoryInput,
      description: 'Repository that was built; it is made at the first mention.',
    }),
    command: t.string({ description: describe('Invocation', 'command') }),
    patterns: t.stringList({ description: describe('Invocation', 'patterns') }),
    user: t.string({ description: describe('Invocation', 'user') }),
    host: t.string({ description: describe('Invocation', 'host') }),
    role: t.string({ description: describe('Invocation', 'role') }),
    status: t.field({
      type: InvocationStatusRef,
      required: true,
      description: describe('Invocation', 'status'),
    }),
    success: t.boolean({ description: describe('Invocation', 'success') }),
    exitCode: t.string({ description: describe('Invocation', 'exitCode') }),
    durationUs: t.field({ type: 'SafeInt', description: describe('Invocation', 'durationUs') }),
    actionCount: t.field({ type: 'SafeInt', description: describe('Invocation', 'actionCount') }),
    branch: t.string({ description: describe('Invocation', 'branch') }),
    commitSha: t.string({ description: describe('Invocation', 'commitSha') }),
    treeSha: t.string({ description: describe('Invocation', 'treeSha') }),
    tags: t.stringList({ description: describe('Invocation', 'tags') }),
    runId: t.string({ description: describe('Invocation', 'runId') }),
    parentRunId: t.string({ description: describe('Invocation', 'parentRunId') }),
    sequenceNumber: t.field({
      type: 'SafeInt',
      description: describe('Invocation', 'sequenceNumber'),
    }),
    buildMetadata: t.field({
      type: [BuildMetadataInput],
      description: 'Entries of the BuildMetadata event.',
    }),
    startedAt: t.field({
      type: 'DateTime',
      description: 'When it began; now when absent. Fixed when first sent.',
    }),
    targets: t.field({
      type: [TargetInput],
      description: 'Its targets, recognised by label; known ones are updated.',
    }),
  }),
});

const RecordInvocationPayload = builder
  .objectRef<RecordedInvocation>('RecordInvocationPayload')
  .implement({
    description: 'The invocation as it is stored now.',
    fields: (t) => ({
      invocation: t.field({
        type: InvocationRef,
        description: 'The invocation.',
        resolve: ({ invocation }) => invocation,
      }),
      created: t.exposeBoolean('created', {
        description: 'False when a known invocation was updated.',
      }),
      rejected: t.field({
        type: [RejectRef],
        description: 'Targets that are not stored, and why.',
        resolve: ({ rejected }) => [...rejected],
      }),
    }),
  });

builder.mutationField('recordInvocation', (t) =>
  t.field({
    type: RecordInvocationPayload,
    description:
      'Stores one Bazel invocation with its targets, recognised by its id. A lower sequence number than one taken in before only fills gaps. Needs INGEST.',
    errors: {},
    args: {
      input: t.arg({ type: RecordInvocationInput, required: true, description: 'The invocation.' }),
    },
    resolve: (_root, { input }, ctx) => recordInvocation(ctx, input),
  }),
);
