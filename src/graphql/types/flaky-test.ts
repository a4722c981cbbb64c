import { type FlakyTestFilter, flakyTests } from '../../analytics/flaky-tests.ts';
import { builder } from '../builder.ts';
import { orderInput, resolveList } from '../connection.ts';
import { describe, repositoryFields, TimeRange } from '../fields.ts';
import { optionalDatabaseId } from '../node-id.ts';
import { EvidenceKindRef, FlakyStateRef } from './enums.ts';

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
    lastEvidenceAt: t.field({
      type: TimeRange,
      description: 'Only with the latest evidence in this time.',
    }),
    quarantined: t.boolean({
      description: 'Only those that are, or are not, in quarantine now (MUTE or SKIP).',
    }),
    tag: t.string({ description: 'Only with this tag, in any letter case.' }),
    text: t.string({
      description: 'Only with this text in suite, class, name or file, in any letter case.',
    }),
  }),
});

const order = orderInput('FlakyTestOrder', {
  LAST_EVIDENCE_AT: 'Time of the latest evidence.',
  EVIDENCE_COUNT: 'Number of code states with evidence.',
});

/** Arguments and filter of every list of flaky tests. */
export const flakyTestList = {
  args: { filter, order },
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
      },
      resolve: resolveList(flakyTests, flakyTestList.toFilter),
    },
    FlakyTestConnection,
  ),
);
