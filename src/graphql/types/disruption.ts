import type { DisruptionFilter } from '../../analytics/disruptions.ts';
import { builder } from '../builder.ts';
import { describe, TimeRange } from '../fields.ts';
import { EvidenceKindRef } from './enums.ts';

export const DisruptionRef = builder.prismaObject('Disruption', {
  fields: (t) => ({
    resultId: t.exposeString('resultId', {
      description: 'The `databaseId` of the result that failed.',
    }),
    recordedAt: t.expose('recordedAt', {
      type: 'DateTime',
      description: 'When that result ran.',
    }),
    kind: t.field({
      type: EvidenceKindRef,
      description: describe('Disruption', 'kind'),
      resolve: ({ kind }) => kind,
    }),
    commitSha: t.exposeString('commitSha', {
      nullable: true,
      description: 'Commit SHA under test; null when unknown.',
    }),
    evidenceKey: t.exposeString('evidenceKey'),
  }),
});

export const DisruptionConnection = builder.connectionObject(
  { type: DisruptionRef, name: 'DisruptionConnection', description: 'A page of disruptions.' },
  { name: 'DisruptionEdge', description: 'A disruption and its place in the list.' },
);

const filter = builder.inputType('DisruptionFilter', {
  description: 'Which disruptions. Conditions are joined by AND; what is absent asks nothing.',
  fields: (t) => ({
    kind: t.field({
      type: [EvidenceKindRef],
      description: 'Only shown by evidence of one of these kinds. Scores leave out SANDWICH.',
    }),
    commitSha: t.string({ description: 'Only of this commit, by its full SHA.' }),
    recordedAt: t.field({ type: TimeRange, description: 'Only failures of this time.' }),
  }),
});

/** Arguments and filter of every list of disruptions. */
export const disruptionList = {
  args: { filter },
  toFilter: (asked: DisruptionFilter): DisruptionFilter => asked,
};
