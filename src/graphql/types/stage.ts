import { type StageFilter, stages } from '../../analytics/stages.ts';
import { NotFoundError } from '../../errors.ts';
import { type RecordedStages, recordStages } from '../../ingest/record-stages.ts';
import { builder } from '../builder.ts';
import { orderInput, resolveList } from '../connection.ts';
import { codeFields, describe, repositoryFields, TimeRange, toNumber } from '../fields.ts';
import { databaseId, optionalDatabaseId } from '../node-id.ts';
import { BuildRef } from './build.ts';
import { StageStatusRef } from './enums.ts';
import { RejectRef } from './reject.ts';

interface Step {
  readonly number: number;
  readonly name: string;
  readonly status: string | null;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
}

const StageStep = builder.objectRef<Step>('StageStep').implement({
  description: 'A step of a stage.',
  fields: (t) => ({
    number: t.exposeInt('number', {
      description: 'Its number as the CI counts, from 1; there may be gaps.',
    }),
    name: t.exposeString('name', { description: 'Its name.' }),
    status: t.exposeString('status', {
      nullable: true,
      description: "The CI's own word for how it ended, else for how far it is.",
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it began.',
    }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended.',
    }),
  }),
});

/** Steps as `recordStages` stored them. */
function toSteps(stored: unknown): Step[] {
  const instant = (at: string | null | undefined): Date | null =>
    at == null ? null : new Date(at);
  const steps = stored as (Omit<Step, 'startedAt' | 'completedAt'> & {
    readonly startedAt?: string | null;
    readonly completedAt?: string | null;
  })[]; // nothing else writes the column
  return steps.map((step) => ({
    ...step,
    status: step.status ?? null,
    startedAt: instant(step.startedAt),
    completedAt: instant(step.completedAt),
  }));
}

export const StageRef = builder.prismaNode('Stage', {
  id: { resolve: ({ buildId, key }) => `${buildId}:${key}` },
  findUnique: (id, { tenant: { organizationId } }) => {
    const [buildId = '', key = ''] = id.split(':');
    return { organizationId_buildId_key: { organizationId, buildId, key } };
  },
  nullable: true,
  fields: (t) => ({
    order: t.exposeInt('order'),
    name: t.exposeString('name'),
    group: t.exposeString('group', { nullable: true }),
    externalId: t.exposeString('externalId', { nullable: true }),
    attempt: t.exposeInt('attempt', { nullable: true }),
    steps: t.field({
      type: [StageStep],
      description: describe('Stage', 'steps'),
      resolve: ({ steps }) => toSteps(steps),
    }),
    status: t.field({
      type: StageStatusRef,
      description: describe('Stage', 'status'),
      resolve: ({ status }) => status,
    }),
    statusRaw: t.exposeString('statusRaw'),
    durationMs: t.field({
      type: 'SafeInt',
      nullable: true,
      description: describe('Stage', 'durationMs'),
      resolve: ({ durationMs }) => toNumber(durationMs),
    }),
    queueDurationMs: t.field({
      type: 'SafeInt',
      nullable: true,
      description: describe('Stage', 'queueDurationMs'),
      resolve: ({ queueDurationMs }) => toNumber(queueDurationMs),
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true }),
    completedAt: t.expose('completedAt', { type: 'DateTime', nullable: true }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime' }),
    agentName: t.exposeString('agentName', { nullable: true }),
    url: t.exposeString('url', { nullable: true }),
  }),
});

export const StageConnection = builder.connectionObject(
  { type: StageRef, name: 'StageConnection', description: 'A page of stages.' },
  { name: 'StageEdge', description: 'A stage and its place in the list.' },
);

const filter = builder.inputType('StageFilter', {
  description: 'Which stages. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    ...repositoryFields(t),
    ...codeFields(t),
    jobName: t.stringList({ description: 'Only of builds of one of these jobs.' }),
    source: t.stringList({ description: 'Only of one of these CI systems.' }),
    status: t.field({ type: [StageStatusRef], description: 'Only in one of these states.' }),
    name: t.stringList({ description: 'Only with one of these names.' }),
    recordedAt: t.field({ type: TimeRange, description: 'Only of builds begun in this time.' }),
    text: t.string({ description: 'Only with this text in the name, in any letter case.' }),
  }),
});

const order = orderInput('StageOrder', {
  RECORDED_AT: 'When its build began, then the build, then the position in it.',
  DURATION: 'Run time; a stage without one counts as shorter than any.',
});

const orderInBuild = orderInput('BuildStageOrder', {
  ORDER: 'Position in the build.',
  DURATION: 'Run time; a stage without one counts as shorter than any.',
});

/** Arguments and filter of every list of stages. */
export const stageList = {
  args: { filter, order, orderInBuild },
  toFilter: (asked: StageFilter): StageFilter => ({
    ...asked,
    repositoryId: optionalDatabaseId('Repository', asked.repositoryId, ['filter', 'repositoryId']),
  }),
};

builder.queryField('stages', (t) =>
  t.connection(
    {
      type: StageRef,
      description: 'Stages of all builds, those of the latest builds first.',
      args: {
        filter: t.arg({ type: filter, description: 'Which stages.' }),
        orderBy: t.arg({ type: order, description: 'RECORDED_AT DESC when absent.' }),
      },
      resolve: resolveList(stages, stageList.toFilter),
    },
    StageConnection,
  ),
);

const StageStepInput = builder.inputType('StageStepInput', {
  description: 'A step of a stage.',
  fields: (t) => ({
    number: t.int({ required: true, description: 'Its number as the CI counts.' }),
    name: t.string({ required: true, description: 'Its name.' }),
    status: t.string({ description: "The CI's own word for how it ended." }),
    startedAt: t.field({ type: 'DateTime', description: 'When it began.' }),
    completedAt: t.field({ type: 'DateTime', description: 'When it ended.' }),
  }),
});

const StageInput = builder.inputType('StageInput', {
  description: 'One stage of a build.',
  fields: (t) => ({
    order: t.int({
      description:
        'Position in the build, from 0. When absent, the stage needs an `externalId` and is put where its start says.',
    }),
    externalId: t.string({ description: describe('Stage', 'externalId') }),
    group: t.string({ description: describe('Stage', 'group') }),
    attempt: t.int({ description: describe('Stage', 'attempt') }),
    steps: t.field({ type: [StageStepInput], description: describe('Stage', 'steps') }),
    name: t.string({ required: true, description: describe('Stage', 'name') }),
    status: t.field({
      type: StageStatusRef,
      required: true,
      description: describe('Stage', 'status'),
    }),
    statusRaw: t.string({
      description: "The CI's own word for the status; the enum's when absent.",
    }),
    durationMs: t.field({ type: 'SafeInt', description: describe('Stage', 'durationMs') }),
    queueDurationMs: t.field({
      type: 'SafeInt',
      description: describe('Stage', 'queueDurationMs'),
    }),
    startedAt: t.field({ type: 'DateTime', description: describe('Stage', 'startedAt') }),
    completedAt: t.field({ type: 'DateTime', description: describe('Stage', 'completedAt') }),
    agentName: t.string({ description: describe('Stage', 'agentName') }),
    url: t.string({ description: describe('Stage', 'url') }),
  }),
});

const RecordStagesInput = builder.inputType('RecordStagesInput', {
  description: 'Stages of one build, up to 5,000 in a request.',
  fields: (t) => ({
    buildId: t.id({
      required: true,
      description: 'The build, by its `id`, its `databaseId` or the id it was sent with.',
    }),
    stages: t.field({
      type: [StageInput],
      required: true,
      description: 'The stages, in any order.',
    }),
  }),
});

const RecordStagesPayload = builder.objectRef<RecordedStages>('RecordStagesPayload').implement({
  description: 'What became of the stages.',
  fields: (t) => ({
    build: t.field({
      type: BuildRef,
      description: 'Their build.',
      authScopes: { capability: 'READ' }, // an INGEST key names it, and reads nothing of it
      resolve: ({ build }) => build,
    }),
    accepted: t.exposeInt('accepted', {
      description: 'How many are stored, new and updated ones.',
    }),
    rejected: t.field({
      type: [RejectRef],
      description: 'Those that are not stored, and why.',
      resolve: ({ rejected }) => [...rejected],
    }),
  }),
});

builder.mutationField('recordStages', (t) =>
  t.field({
    type: RecordStagesPayload,
    description:
      'Stores stages of a build, recognised by `externalId`, else by order and name; known ones are updated. Needs INGEST.',
    errors: { types: [NotFoundError] },
    args: { input: t.arg({ type: RecordStagesInput, required: true, description: 'The stages.' }) },
    resolve: (_root, { input }, ctx) =>
      recordStages(ctx, {
        ...input,
        buildId: databaseId('Build', input.buildId, ['input', 'buildId']),
      }),
  }),
);
