import { builder } from '../builder.ts';
import { orderInput } from '../connection.ts';
import { toNumber } from '../fields.ts';
import { TargetStatusRef } from './enums.ts';

export const TargetRef = builder.prismaObject('Target', {
  fields: (t) => ({
    label: t.exposeString('label', { description: 'Label, e.g. `//app:login_test`.' }),
    ruleType: t.exposeString('ruleType', { nullable: true, description: 'Rule, e.g. `sh_test`.' }),
    status: t.field({
      type: TargetStatusRef,
      description: 'What became of it.',
      resolve: ({ status }) => status,
    }),
    tags: t.exposeStringList('tags', { description: 'Labels of the target.' }),
    durationUs: t.field({
      type: 'SafeInt',
      nullable: true,
      description: 'Run time in microseconds; null unless it is a test that ran.',
      resolve: ({ durationUs }) => toNumber(durationUs),
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it began; null unless it is a test that ran.',
    }),
  }),
});

export const TargetConnection = builder.connectionObject(
  { type: TargetRef, name: 'TargetConnection', description: 'A page of targets.' },
  { name: 'TargetEdge', description: 'A target and its place in the list.' },
);

const filter = builder.inputType('TargetFilter', {
  description: 'Which targets.',
  fields: (t) => ({
    status: t.field({ type: [TargetStatusRef], description: 'Only in one of these states.' }),
  }),
});

const order = orderInput('TargetOrder', { LABEL: 'Label.' });

/** Arguments of every list of targets. */
export const targetList = { args: { filter, order } };
