import { type FlakyTestFilter, flakyTests } from '../../analytics/flaky-tests.ts';
import { builder } from '../builder.ts';
import { orderInput, resolveList } from '../connection.ts';
import { describe, repositoryFields, TimeRange } from '../fields.ts';
import { optionalDatabaseId } from '../node-id.ts';
import { DisruptorTypeRef, EvidenceKindRef, FlakyStateRef } from './enums.ts';
import { ScoreWindow, windowDescription } from './flaky-scores.ts';

export const FlakyTestRef = builder.prismaNode('FlakyTest', {
  id: { resolve: ({ testCaseId }) => testCaseId },
  findUnique: (testCaseId, { tenant: { organizationId } }) => ({
    organizationId_testCaseId: { organizationId, testCaseId },
  }),
  nullable: true,
  fields: (t) => ({
    databaseId: t.exposeString('testCaseId', {
      description: '24 hex digits: the `databaseId` of its test case.',
    }),
    state: t.field({
      type: FlakyStateRef,
      description: describe('FlakyTest', 'state'),
      resolve: ({ state }) => state,
    }),
    stateSince: t.expose('stateSince', { type: 'DateTime' }),
    disruptorType: t.field({
      type: DisruptorTypeRef,
      nullable: true,
      description: describe('FlakyTest', 'disruptorType'),
      resolve: ({ disruptorType }) => disruptorType,
    }),
    evidenceCount: t.exposeInt('evidenceCount'),
    firstEvidenceAt: t.expose('firstEvidenceAt', { type: 'DateTime' }),
    lastEvidenceAt: t.expose('lastEvidenceAt', { type: 'DateTime' }),
  }),
});

export const FlakyTestConnection = builder.connectionObject(
  { type: FlakyTestRef, name: 'FlakyTestConnection', description: 'A page of flaky tests.' },
  { name: 'FlakyTestEdge', description: 'A flaky test and its place in the list.' },
);

export const FlakyEvidenceRef = builder.prismaObject('FlakyEvidence', {
  fields: (t) => ({
    kind: t.field({
      type: EvidenceKindRef,
      description: describe('FlakyEvidence', 'kind'),
      resolve: ({ kind }) => kind,
    }),
    key: t.exposeString('key'),
    codeState: t.exposeString('codeState'),
    passedCount: t.exposeInt('passedCount'),
    failedCount: t.exposeInt('failedCount'),
    firstAt: t.expose('firstAt', { type: 'DateTime' }),
    lastAt: t.expose('lastAt', { type: 'DateTime' }),
  }),
});

export const FlakyEvidenceConnection = builder.connectionObject(
  { type: FlakyEvidenceRef, name: 'FlakyEvidenceConnection', description: 'A page of evidence.' },
  { name: 'FlakyEvidenceEdge', description: 'A piece of evidence and its place in the list.' },
);

const filter = builder.inputType('FlakyTestFilter', {
  description: 'Which flaky tests. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    ...repositoryFields(t),
    state: t.field({ type: [FlakyStateRef], description: 'Only in one of these states.' }),
    disruptorType: t.field({
      type: [DisruptorTypeRef],
      description: 'Only those that disrupt builds now by one of these rules.',
    }),
    lastEvidenceAt: t.field({
      type: TimeRange,
      description: 'Only with the latest evidence in this time.',
    }),
    quarantined: t.boolean({
      description: 'Only those that are, or are not, in quarantine now (MUTE or SKIP).',
    }),
    tag: t.string({ description: 'Only with this tag, in any letter case.' }),
    owner: t.string({
      description:
        'Only those that this user, team or e-mail address owns now, in any letter case.',
    }),
    text: t.string({
      description: 'Only with this text in suite, class, name or file, in any letter case.',
    }),
  }),
});

const order = orderInput('FlakyTestOrder', {
  LAST_EVIDENCE_AT: 'Time of the latest evidence.',
  EVIDENCE_COUNT: 'Number of code states with evidence.',
  DISRUPTIVENESS: 'Disruptions / results in the `window`. Without results it is last of DESC.',
  FLIP_RATE:
    'Changes of outcome / possible changes in the `window`. Without any it is last of DESC.',
  FAILURE_RATE: 'Failures / results in the `window`. Without results it is last of DESC.',
  FLAKE_PROBABILITY: 'Mean probability to fail on good code, by what is seen in the `window`.',
  DISRUPTION_COUNT: 'Number of disruptions in the `window`.',
  RESULT_TIME: 'Run time of all its results in the `window`.',
  TIME_LOST: 'Its share of the run time of builds that it helped to fail in the `window`.',
  BUILDS_BROKEN: 'Number of builds that it helped to fail in the `window`.',
});

const orderWindow = `For orders by a score. ${windowDescription} Scores change as results arrive and as days pass: give \`from\` and \`to\` in the past to page through a list that stands still.`;

/** Arguments and filter of every list of flaky tests. */
export const flakyTestList = {
  args: { filter, order, window: ScoreWindow, windowDescription: orderWindow },
  toFilter: (asked: FlakyTestFilter): FlakyTestFilter => ({
    ...asked,
    repositoryId: optionalDatabaseId('Repository', asked.repositoryId, ['filter', 'repositoryId']),
  }),
};

builder.queryField('flakyTests', (t) =>
  t.connection(
    {
      type: FlakyTestRef,
      description: 'Flaky tests, those with the latest evidence first.',
      args: {
        filter: t.arg({ type: filter, description: 'Which flaky tests.' }),
        orderBy: t.arg({ type: order, description: 'LAST_EVIDENCE_AT DESC when absent.' }),
        window: t.arg({ type: ScoreWindow, description: orderWindow }),
      },
      resolve: resolveList(flakyTests, flakyTestList.toFilter),
    },
    FlakyTestConnection,
  ),
);
