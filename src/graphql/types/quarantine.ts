import { type QuarantineFilter, quarantines } from '../../analytics/quarantines.ts';
import { builder } from '../builder.ts';
import { orderInput, resolveList } from '../connection.ts';
import { describe, repositoryFields } from '../fields.ts';
import { optionalDatabaseId } from '../node-id.ts';
import { QuarantineChangeRef, QuarantineModeRef } from './enums.ts';

export const QuarantineRef = builder.prismaNode('Quarantine', {
  id: { resolve: ({ testCaseId }) => testCaseId },
  findUnique: (testCaseId, { tenant: { organizationId } }) => ({
    organizationId_testCaseId: { organizationId, testCaseId },
  }),
  nullable: true,
  fields: (t) => ({
    mode: t.field({
      type: QuarantineModeRef,
      description: describe('Quarantine', 'mode'),
      resolve: ({ mode }) => mode,
    }),
    isAutomatic: t.exposeBoolean('isAutomatic'),
    reason: t.exposeString('reason', { nullable: true }),
    owner: t.exposeString('owner', { nullable: true }),
    actor: t.exposeString('actor', { nullable: true }),
    since: t.expose('since', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
  }),
});

export const QuarantineConnection = builder.connectionObject(
  { type: QuarantineRef, name: 'QuarantineConnection', description: 'A page of quarantines.' },
  { name: 'QuarantineEdge', description: 'A quarantine and its place in the list.' },
);

export const QuarantineEventRef = builder.prismaNode('QuarantineEvent', {
  id: { resolve: ({ id }) => id },
  findUnique: (id, { tenant: { organizationId } }) => ({
    organizationId_id: { organizationId, id },
  }),
  nullable: true,
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime' }),
    change: t.field({
      type: QuarantineChangeRef,
      description: describe('QuarantineEvent', 'change'),
      resolve: ({ change }) => change,
    }),
    actor: t.exposeString('actor', { nullable: true }),
    beforeMode: t.field({
      type: QuarantineModeRef,
      nullable: true,
      description: describe('QuarantineEvent', 'beforeMode'),
      resolve: ({ beforeMode }) => beforeMode,
    }),
    beforeReason: t.exposeString('beforeReason', { nullable: true }),
    beforeOwner: t.exposeString('beforeOwner', { nullable: true }),
    beforeExpiresAt: t.expose('beforeExpiresAt', { type: 'DateTime', nullable: true }),
    afterMode: t.field({
      type: QuarantineModeRef,
      nullable: true,
      description: describe('QuarantineEvent', 'afterMode'),
      resolve: ({ afterMode }) => afterMode,
    }),
    afterReason: t.exposeString('afterReason', { nullable: true }),
    afterOwner: t.exposeString('afterOwner', { nullable: true }),
    afterExpiresAt: t.expose('afterExpiresAt', { type: 'DateTime', nullable: true }),
  }),
});

export const QuarantineEventConnection = builder.connectionObject(
  {
    type: QuarantineEventRef,
    name: 'QuarantineEventConnection',
    description: 'A page of the log of quarantines.',
  },
  { name: 'QuarantineEventEdge', description: 'A change and its place in the list.' },
);

const filter = builder.inputType('QuarantineFilter', {
  description: 'Which quarantines. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    ...repositoryFields(t),
    mode: t.field({ type: [QuarantineModeRef], description: 'Only in one of these modes.' }),
    isAutomatic: t.boolean({ description: 'Only those that the rule began, or that people did.' }),
    owner: t.string({ description: 'Only with this owner.' }),
    text: t.string({
      description:
        "Only with this text in the test's suite, class, name or file, in any letter case.",
    }),
  }),
});

const order = orderInput('QuarantineOrder', { SINCE: 'Since when the test is in this mode.' });

/** Arguments and filter of every list of quarantines. */
export const quarantineList = {
  args: { filter, order },
  toFilter: (asked: QuarantineFilter): QuarantineFilter => ({
    ...asked,
    repositoryId: optionalDatabaseId('Repository', asked.repositoryId, ['filter', 'repositoryId']),
  }),
};

builder.queryField('quarantines', (t) =>
  t.connection(
    {
      type: QuarantineRef,
      description:
        'What was decided about the quarantine of tests, the latest first. What is over is not there.',
      args: {
        filter: t.arg({ type: filter, description: 'Which quarantines.' }),
        orderBy: t.arg({ type: order, description: 'SINCE DESC when absent.' }),
      },
      resolve: resolveList(quarantines, quarantineList.toFilter),
    },
    QuarantineConnection,
  ),
);
