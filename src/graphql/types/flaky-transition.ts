import type { FlakyTransitionFilter } from '../../analytics/flaky-transitions.ts';
import { builder } from '../builder.ts';
import { describe, TimeRange } from '../fields.ts';
import { FlakyStateRef, TransitionRuleRef } from './enums.ts';

export const FlakyTransitionRef = builder.prismaObject('FlakyTransition', {
  fields: (t) => ({
    databaseId: t.exposeString('id', { description: 'UUID of the change.' }),
    at: t.expose('at', { type: 'DateTime' }),
    since: t.expose('since', { type: 'DateTime' }),
    before: t.field({
      type: FlakyStateRef,
      description: describe('FlakyTransition', 'before'),
      resolve: ({ before }) => before,
    }),
    after: t.field({
      type: FlakyStateRef,
      description: describe('FlakyTransition', 'after'),
      resolve: ({ after }) => after,
    }),
    rule: t.field({
      type: TransitionRuleRef,
      description: describe('FlakyTransition', 'rule'),
      resolve: ({ rule }) => rule,
    }),
    actor: t.exposeString('actor', { nullable: true }),
    evidenceKey: t.exposeString('evidenceKey', { nullable: true }),
  }),
});

export const FlakyTransitionConnection = builder.connectionObject(
  {
    type: FlakyTransitionRef,
    name: 'FlakyTransitionConnection',
    description: 'A page of state changes.',
  },
  { name: 'FlakyTransitionEdge', description: 'A change and its place in the list.' },
);

const filter = builder.inputType('FlakyTransitionFilter', {
  description: 'Which changes. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    after: t.field({ type: [FlakyStateRef], description: 'Only to one of these states.' }),
    rule: t.field({ type: [TransitionRuleRef], description: 'Only by one of these rules.' }),
    at: t.field({ type: TimeRange, description: 'Only seen in this time.' }),
  }),
});

/** Arguments and filter of every list of changes. */
export const flakyTransitionList = {
  args: { filter },
  toFilter: (asked: FlakyTransitionFilter): FlakyTransitionFilter => asked,
};
