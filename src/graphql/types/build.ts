import { type BuildFilter, builds } from '../../analytics/builds.ts';
import { type RecordedBuild, recordBuild } from '../../ingest/record-build.ts';
import { builder } from '../builder.ts';
import { orderInput, resolveList } from '../connection.ts';
import { codeFields, describe, repositoryFields, TimeRange, toNumber } from '../fields.ts';
import { optionalDatabaseId } from '../node-id.ts';
import { BuildStatusRef } from './enums.ts';
import { RepositoryInput } from './repository-input.ts';

export const BuildRef = builder.prismaNode('Build', {
  id: { resolve: ({ id }) => id },
  findUnique: (id, { tenant: { organizationId } }) => ({
    organizationId_id: { organizationId, id },
  }),
  nullable: true,
  fields: (t) => ({
    databaseId: t.exposeString('id', {
      description: 'UUID of the build, as REST clients know it.',
    }),
    jobName: t.exposeString('jobName'),
    jobDisplayName: t.exposeString('jobDisplayName', { nullable: true }),
    number: t.field({
      type: 'SafeInt',
      nullable: true,
      description: describe('Build', 'number'),
      resolve: ({ number }) => toNumber(number),
    }),
    status: t.field({
      type: BuildStatusRef,
      description: describe('Build', 'status'),
      resolve: ({ status }) => status,
    }),
    statusRaw: t.exposeString('statusRaw'),
    durationMs: t.field({
      type: 'SafeInt',
      nullable: true,
      description: describe('Build', 'durationMs'),
      resolve: ({ durationMs }) => toNumber(durationMs),
    }),
    queueDurationMs: t.field({
      type: 'SafeInt',
      nullable: true,
      description: describe('Build', 'queueDurationMs'),
      resolve: ({ queueDurationMs }) => toNumber(queueDurationMs),
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true }),
    completedAt: t.expose('completedAt', { type: 'DateTime', nullable: true }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime' }),
    branch: t.exposeString('branch', { nullable: true }),
    commitSha: t.exposeString('commitSha', { nullable: true }),
    treeSha: t.exposeString('treeSha', { nullable: true }),
    pullRequest: t.field({
      type: 'SafeInt',
      nullable: true,
      description: describe('Build', 'pullRequest'),
      resolve: ({ pullRequest }) => toNumber(pullRequest),
    }),
    cause: t.exposeString('cause', { nullable: true }),
    source: t.exposeString('source', { nullable: true }),
    sourceRaw: t.exposeString('sourceRaw', { nullable: true }),
    instance: t.exposeString('instance', { nullable: true }),
    server: t.exposeString('server', { nullable: true }),
    url: t.exposeString('url', { nullable: true }),
    jobUrl: t.exposeString('jobUrl', { nullable: true }),
    externalRunId: t.exposeString('externalRunId', { nullable: true }),
    attempt: t.exposeInt('attempt', { nullable: true }),
    triggeredBy: t.exposeString('triggeredBy', { nullable: true }),
    agentName: t.exposeString('agentName', { nullable: true }),
    agentLabels: t.exposeStringList('agentLabels'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
  }),
});

export const BuildConnection = builder.connectionObject(
  { type: BuildRef, name: 'BuildConnection', description: 'A page of builds.' },
  { name: 'BuildEdge', description: 'A build and its place in the list.' },
);

const filter = builder.inputType('BuildFilter', {
  description: 'Which builds. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    ...repositoryFields(t),
    ...codeFields(t),
    status: t.field({ type: [BuildStatusRef], description: 'Only in one of these states.' }),
    jobName: t.stringList({ description: 'Only of one of these jobs.' }),
    source: t.stringList({ description: 'Only of one of these CI systems.' }),
    cause: t.stringList({ description: 'Only triggered by one of these.' }),
    externalRunId: t.string({ description: "Only of this run, by the CI's own id." }),
    pullRequest: t.field({
      type: 'SafeInt',
      description: 'Only of this pull request, by its number.',
    }),
    startedAt: t.field({
      type: TimeRange,
      description: 'Only begun (queued ones: first seen) in this time.',
    }),
    text: t.string({
      description: 'Only with this text in job name, branch or commit SHA, in any letter case.',
    }),
  }),
});

const order = orderInput('BuildOrder', {
  STARTED_AT: 'When it began; a queued build stands where it was first seen.',
  DURATION: 'Run time; a build without one counts as shorter than any.',
  NUMBER: 'Build number; a build without one counts as lower than any.',
});

/** Arguments and filter of every list of builds. */
export const buildList = {
  listing: builds,
  args: { filter, order },
  toFilter: (asked: BuildFilter): BuildFilter => ({
    ...asked,
    repositoryId: optionalDatabaseId('Repository', asked.repositoryId, ['filter', 'repositoryId']),
  }),
};

builder.queryField('builds', (t) =>
  t.connection(
    {
      type: BuildRef,
      description: 'Builds, those begun last first.',
      args: {
        filter: t.arg({ type: filter, description: 'Which builds.' }),
        orderBy: t.arg({ type: order, description: 'STARTED_AT DESC when absent.' }),
      },
      resolve: resolveList(builds, buildList.toFilter),
    },
    BuildConnection,
  ),
);

const RecordBuildInput = builder.inputType('RecordBuildInput', {
  description: 'One build. On a known build, what is absent or null keeps its value.',
  fields: (t) => ({
    id: t.string({
      description: 'UUID of your choice, as the id of the build; one is made when absent.',
    }),
    repository: t.field({
      type: RepositoryInput,
      description: 'Repository that was built; it is made at the first mention.',
    }),
    jobName: t.string({ required: true, description: describe('Build', 'jobName') }),
    jobDisplayName: t.string({ description: describe('Build', 'jobDisplayName') }),
    number: t.field({ type: 'SafeInt', description: describe('Build', 'number') }),
    status: t.field({
      type: BuildStatusRef,
      required: true,
      description: describe('Build', 'status'),
    }),
    statusRaw: t.string({
      description: "The CI's own word for the status; the enum's when absent.",
    }),
    durationMs: t.field({ type: 'SafeInt', description: describe('Build', 'durationMs') }),
    queueDurationMs: t.field({
      type: 'SafeInt',
      description: describe('Build', 'queueDurationMs'),
    }),
    startedAt: t.field({ type: 'DateTime', description: describe('Build', 'startedAt') }),
    completedAt: t.field({ type: 'DateTime', description: describe('Build', 'completedAt') }),
    branch: t.string({ description: describe('Build', 'branch') }),
    commitSha: t.string({ description: describe('Build', 'commitSha') }),
    treeSha: t.string({ description: describe('Build', 'treeSha') }),
    pullRequest: t.field({ type: 'SafeInt', description: describe('Build', 'pullRequest') }),
    cause: t.string({ description: describe('Build', 'cause') }),
    source: t.string({ description: describe('Build', 'source') }),
    instance: t.string({ description: describe('Build', 'instance') }),
    url: t.string({ description: describe('Build', 'url') }),
    jobUrl: t.string({ description: describe('Build', 'jobUrl') }),
    externalRunId: t.string({
      description:
        "The CI's own id of the run. A UUID names this build: sent again, it updates it. Any other text names the run that several builds may share; together with `id` it does not identify.",
    }),
    attempt: t.int({ description: describe('Build', 'attempt') }),
    triggeredBy: t.string({ description: describe('Build', 'triggeredBy') }),
    agentName: t.string({ description: describe('Build', 'agentName') }),
    agentLabels: t.stringList({ description: describe('Build', 'agentLabels') }),
  }),
});

const RecordBuildPayload = builder.objectRef<RecordedBuild>('RecordBuildPayload').implement({
  description: 'The build as it is stored now.',
  fields: (t) => ({
    build: t.field({ type: BuildRef, description: 'The build.', resolve: ({ build }) => build }),
    created: t.exposeBoolean('created', { description: 'False when a known build was updated.' }),
  }),
});

builder.mutationField('recordBuild', (t) =>
  t.field({
    type: RecordBuildPayload,
    description:
      'Stores one build, or updates the one it is recognised as: by UUID `externalRunId`, by `id`, by run, or by job, number and start. Needs INGEST.',
    errors: {},
    args: { input: t.arg({ type: RecordBuildInput, required: true, description: 'The build.' }) },
    resolve: (_root, { input }, ctx) => recordBuild(ctx, input),
  }),
);
