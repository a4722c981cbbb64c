import { builder } from '../builder.ts';
import { orderInput } from '../connection.ts';
import { describe } from '../fields.ts';
import { FindingSeverityRef } from './enums.ts';

export const SecurityFindingRef = builder.prismaObject('SecurityFinding', {
  fields: (t) => ({
    position: t.exposeInt('position'),
    ruleId: t.exposeString('ruleId'),
    severity: t.field({
      type: FindingSeverityRef,
      description: describe('SecurityFinding', 'severity'),
      resolve: ({ severity }) => severity,
    }),
    severityRaw: t.exposeString('severityRaw'),
    message: t.exposeString('message'),
    file: t.exposeString('file', { nullable: true }),
    line: t.exposeInt('line', { nullable: true }),
    packageName: t.exposeString('packageName', { nullable: true }),
    packageVersion: t.exposeString('packageVersion', { nullable: true }),
    fixedVersion: t.exposeString('fixedVersion', { nullable: true }),
    fingerprint: t.exposeString('fingerprint'),
    isSuppressed: t.exposeBoolean('isSuppressed'),
  }),
});

export const SecurityFindingConnection = builder.connectionObject(
  {
    type: SecurityFindingRef,
    name: 'SecurityFindingConnection',
    description: 'A page of findings.',
  },
  { name: 'SecurityFindingEdge', description: 'A finding and its place in the list.' },
);

const filter = builder.inputType('SecurityFindingFilter', {
  description: 'Which findings. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    severity: t.field({ type: [FindingSeverityRef], description: 'Only as bad as one of these.' }),
    isSuppressed: t.boolean({
      description: 'Only those that somebody decided are no problem, or only the others.',
    }),
  }),
});

const order = orderInput('SecurityFindingOrder', { POSITION: 'Place in the report.' });

/** Arguments of every list of findings. */
export const securityFindingList = { args: { filter, order } };
