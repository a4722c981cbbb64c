import { type TestCaseFilter, testCases } from '../../analytics/test-cases.ts';
import { builder } from '../builder.ts';
import { orderInput, resolveList } from '../connection.ts';
import { repositoryFields, TimeRange } from '../fields.ts';
import { optionalDatabaseId } from '../node-id.ts';

export const TestCaseRef = builder.prismaNode('TestCase', {
  id: { resolve: ({ id }) => id },
  findUnique: (id, { tenant: { organizationId } }) => ({
    organizationId_id: { organizationId, id },
  }),
  nullable: true,
  fields: (t) => ({
    databaseId: t.exposeString('id', {
      description: '24 hex digits of the test case, as REST clients know it.',
    }),
    suite: t.exposeString('suite'),
    className: t.exposeString('className'),
    name: t.exposeString('name'),
    file: t.exposeString('file'),
    variant: t.exposeString('variant'),
    firstSeenAt: t.expose('firstSeenAt', { type: 'DateTime' }),
  }),
});

export const TestCaseConnection = builder.connectionObject(
  { type: TestCaseRef, name: 'TestCaseConnection', description: 'A page of test cases.' },
  { name: 'TestCaseEdge', description: 'A test case and its place in the list.' },
);

export const TestCaseAliasRef = builder.prismaObject('TestCaseAlias', {
  fields: (t) => ({
    aliasId: t.exposeString('aliasId', {
      description: 'The `databaseId` of the test case that was merged.',
    }),
    mergedAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the one was merged into the other.',
    }),
  }),
});

export const TestCaseAliasConnection = builder.connectionObject(
  { type: TestCaseAliasRef, name: 'TestCaseAliasConnection', description: 'A page of merges.' },
  { name: 'TestCaseAliasEdge', description: 'A merge and its place in the list.' },
);

const filter = builder.inputType('TestCaseFilter', {
  description: 'Which test cases. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    ...repositoryFields(t),
    suite: t.string({ description: 'Only of this suite.' }),
    className: t.string({ description: 'Only of this class.' }),
    name: t.string({ description: 'Only with this name.' }),
    file: t.string({ description: 'Only of this source file.' }),
    variant: t.string({ description: 'Only of this variant.' }),
    flaky: t.boolean({ description: 'Only those with, or without, evidence of flakiness.' }),
    firstSeenAt: t.field({ type: TimeRange, description: 'Only first seen in this time.' }),
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

const order = orderInput('TestCaseOrder', {
  FIRST_SEEN_AT: 'Time of its earliest result.',
  NAME: 'The first 256 characters of its name.',
});

/** Arguments and filter of every list of test cases. */
export const testCaseList = {
  args: { filter, order },
  toFilter: (asked: TestCaseFilter): TestCaseFilter => ({
    ...asked,
    repositoryId: optionalDatabaseId('Repository', asked.repositoryId, ['filter', 'repositoryId']),
  }),
};

builder.queryField('testCases', (t) =>
  t.connection(
    {
      type: TestCaseRef,
      description: 'Test cases, those first seen last first.',
      args: {
        filter: t.arg({ type: filter, description: 'Which test cases.' }),
        orderBy: t.arg({ type: order, description: 'FIRST_SEEN_AT DESC when absent.' }),
      },
      resolve: resolveList(testCases, testCaseList.toFilter),
    },
    TestCaseConnection,
  ),
);
