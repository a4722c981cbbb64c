import { type StageStatistics, stageStatistics } from '../../analytics/stage-statistics.ts';
import type { Statistics } from '../../analytics/statistics-figures.ts';
import { builder } from '../builder.ts';
import { firstArg, repositoryArg, repositoryNamed } from '../common-args.ts';
import { stageStatisticsFields } from './build-statistics.ts';
import { timeArgs } from './statistics.ts';

const StatisticsRef = builder.objectRef<Statistics>('StageStatistics').implement({
  description: 'Stages of a window, counted.',
  fields: stageStatisticsFields,
});

const StageOfJobRef = builder.objectRef<StageStatistics>('StageOfJob').implement({
  description: 'The stages of one name in the builds of one job.',
  fields: (t) => ({
    jobName: t.exposeString('jobName', { description: 'The `jobName` of the builds.' }),
    name: t.exposeString('name', { description: 'The `name` of the stages.' }),
    statistics: t.expose('statistics', {
      type: StatisticsRef,
      description: 'What was counted of them.',
    }),
  }),
});

builder.queryField('stageStatistics', (t) =>
  t.field({
    type: [StageOfJobRef],
    description:
      'How the stages of a repository did by job and name, those first that took longest in the window, all runs together.',
    args: {
      repository: repositoryArg(t.arg),
      jobName: t.arg.string({ description: 'Only of builds of this job.' }),
      name: t.arg.string({ description: 'Only stages of this name.' }),
      first: firstArg(t.arg),
      ...timeArgs(t.arg),
    },
    resolve: (_root, { repository, ...question }, ctx) =>
      stageStatistics(ctx, { ...question, repository: repositoryNamed(repository) }),
  }),
);
