import {
  type CoFailureCluster,
  type CoFailureClusters,
  coFailureClusters,
} from '../../analytics/co-failure-clusters.ts';
import { builder } from '../builder.ts';
import { firstArg, repositoryArg, repositoryNamed } from '../common-args.ts';
import { TimeRange } from '../fields.ts';
import { TestCaseRef } from './test-case.ts';

const ClusterRef = builder.objectRef<CoFailureCluster>('CoFailureCluster').implement({
  description: 'Tests that fail together: they may share a cause.',
  fields: (t) => ({
    tests: t.field({
      type: [TestCaseRef],
      description: 'Up to 50 of its tests, those that failed in most builds first.',
      resolve: async ({ testCaseIds }, _args, { loaders }) => {
        const found = await Promise.all(testCaseIds.map((id) => loaders.row('TestCase', id)));
        return found.filter((testCase) => testCase !== null);
      },
    }),
    testCount: t.exposeInt('testCount', { description: 'How many tests it has: 2 or more.' }),
    buildCount: t.exposeInt('buildCount', {
      description: 'Builds in which two of them or more failed.',
    }),
    lastFailedAt: t.expose('lastFailedAt', {
      type: 'DateTime',
      description: 'When one of them failed last.',
    }),
    signature: t.exposeString('signature', {
      nullable: true,
      description:
        'What they say: the first line of the failure message, with numbers, hex digits, UUIDs, addresses and paths replaced by words, when more than half of the first 20 tests say the same in their latest failure; null otherwise.',
    }),
  }),
});

const ClustersRef = builder.objectRef<CoFailureClusters>('CoFailureClusters').implement({
  description: 'Groups of tests that fail together.',
  fields: (t) => ({
    clusters: t.field({
      type: [ClusterRef],
      description: 'Those with most tests first.',
      resolve: ({ clusters }) => [...clusters],
    }),
    totalCount: t.exposeInt('totalCount', { description: 'How many groups there are in all.' }),
    failureCount: t.exposeInt('failureCount', {
      description: 'How many failures were looked at.',
    }),
    isComplete: t.exposeBoolean('isComplete', {
      description:
        'False when there are more than the latest 200,000 failures, or 5,000 tests, which are looked at.',
    }),
  }),
});

builder.queryField('coFailureClusters', (t) =>
  t.field({
    type: ClustersRef,
    description:
      'Tests of a repository that fail together. Two tests are linked when the builds in which both failed are at least half of those in which either did (Jaccard index >= 0.5); all that are linked, directly or through others, are one group (single linkage). A build is the build, else the upload, else the invocation a result belongs to. Left out are tests that failed in one build only, and failures that are no evidence of flakiness: outages, cancelled builds, excluded results.',
    args: {
      repository: repositoryArg(t.arg),
      window: t.arg({
        type: TimeRange,
        description:
          'Failures of the days (UTC) that this time touches, 366 at most; of today and the 29 days before when absent.',
      }),
      first: firstArg(t.arg),
    },
    resolve: (_root, { repository, ...question }, ctx) =>
      coFailureClusters(ctx, { ...question, repository: repositoryNamed(repository) }),
  }),
);
