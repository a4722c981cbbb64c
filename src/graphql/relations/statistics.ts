import type { Job } from '../../analytics/jobs.ts';
import {
  type FoundJobs,
  type JobsQuestion,
  jobOfRepository,
  jobsOfRepository,
  jobsPage,
} from '../../analytics/jobs.ts';
import { jobStatistics, repositoryStatistics } from '../../analytics/repository-statistics.ts';
import {
  repositoryResultStatistics,
  testCaseStatistics,
} from '../../analytics/result-statistics.ts';
import { type FoundStatistics, toStatistics } from '../../analytics/statistics-figures.ts';
import type { StatisticsTime } from '../../analytics/statistics-window.ts';
import type { Repository, TestCase } from '../../db/generated/prisma/client.ts';
import type { Derivation } from '../../analytics/page-request.ts';
import { ValidationError } from '../../errors.ts';
import { builder } from '../builder.ts';
import { afterArg, firstArg } from '../common-args.ts';
import { toConnection } from '../connection.ts';
import { computed } from '../related.ts';
import { BuildStatisticsRef } from '../types/build-statistics.ts';
import { JobConnection, JobRef } from '../types/job.ts';
import { timeArgs, windowArgs } from '../types/statistics.ts';
import { TestStatisticsRef } from '../types/test-statistics.ts';

/** Options of a field that gives statistics, for any number of parents in one statement. */
function counted<Parent extends object, Args extends object>(
  idField: keyof Parent & string,
  type: 'uuid' | 'text',
  valueFor: (args: Args) => Derivation,
) {
  const { extensions, resolve } = computed<Parent, Args, FoundStatistics>(idField, type, valueFor);
  return {
    extensions,
    resolve: async (...asked: Parameters<typeof resolve>) => toStatistics(await resolve(...asked)),
  };
}

builder.prismaObjectFields('Repository', (t) => ({
  statistics: t.field({
    type: BuildStatisticsRef,
    description: 'How its builds did.',
    authScopes: { capability: 'READ' },
    args: timeArgs(t.arg),
    ...counted<Repository, StatisticsTime>('id', 'uuid', repositoryStatistics),
  }),
  testStatistics: t.field({
    type: TestStatisticsRef,
    description: 'How the results of all its tests did.',
    authScopes: { capability: 'READ' },
    args: timeArgs(t.arg),
    ...counted<Repository, StatisticsTime>('id', 'uuid', repositoryResultStatistics),
  }),
  jobs: t.field({
    type: JobConnection,
    description: 'Its jobs, by name.',
    authScopes: { capability: 'READ' },
    args: { first: firstArg(t.arg), after: afterArg(t.arg) },
    ...jobsBelow(),
  }),
  job: t.field({
    type: JobRef,
    nullable: true,
    description: 'One of its jobs; null without builds of that name.',
    authScopes: { capability: 'READ' },
    args: { name: t.arg.string({ required: true, description: 'The `jobName` of its builds.' }) },
    ...computed<Repository, { readonly name: string }, Job | null>('id', 'uuid', ({ name }) =>
      jobOfRepository(name),
    ),
  }),
}));

function jobsBelow() {
  const { extensions, resolve } = computed<Repository, JobsQuestion, FoundJobs>(
    'id',
    'uuid',
    jobsOfRepository,
  );
  return {
    extensions,
    resolve: async (...asked: Parameters<typeof resolve>) =>
      toConnection(jobsPage(await resolve(...asked), asked[1])),
  };
}

builder.objectField(JobRef, 'statistics', (t) =>
  t.field({
    type: BuildStatisticsRef,
    description: 'How its builds did.',
    args: timeArgs(t.arg),
    ...counted<Job, StatisticsTime>('key', 'text', jobStatistics),
  }),
);

builder.prismaObjectFields('TestCase', (t) => ({
  statistics: t.field({
    type: TestStatisticsRef,
    description: 'How its results did, by days (UTC): a window is widened to whole ones.',
    authScopes: { capability: 'READ' },
    args: windowArgs(t.arg),
    ...counted<TestCase, Omit<StatisticsTime, 'timeZone'>>('id', 'text', (time) => {
      if (time.interval !== 'HOUR') return testCaseStatistics(time);
      throw new ValidationError([
        { path: ['interval'], message: 'must be DAY or longer: results of a test are kept by day' },
      ]);
    }),
  }),
}));
