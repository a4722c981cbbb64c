import type { FlakyTestChange } from '../../db/notify-flaky-test.ts';
import { NotFoundError } from '../../errors.ts';
import { builder } from '../builder.ts';
import { optionalDatabaseId } from '../node-id.ts';
import { FlakyStateRef, TransitionRuleRef } from './enums.ts';
import { FlakyTestRef } from './flaky-test.ts';
import { TestCaseRef } from './test-case.ts';

const FlakyTestChangedRef = builder.objectRef<FlakyTestChange>('FlakyTestChanged').implement({
  description: 'A change of the state of a test.',
  fields: (t) => ({
    flakyTest: t.field({
      type: FlakyTestRef,
      nullable: true,
      description: 'The test as it is now; null when nothing speaks against it any more.',
      resolve: ({ testCaseId }, _args, { loaders }) => loaders.row('FlakyTest', testCaseId),
    }),
    testCase: t.field({
      type: TestCaseRef,
      description: 'The test case.',
      resolve: async ({ testCaseId }, _args, { loaders }) => {
        const testCase = await loaders.row('TestCase', testCaseId);
        if (testCase === null) throw new NotFoundError('the test case has gone');
        return testCase;
      },
    }),
    before: t.field({
      type: FlakyStateRef,
      description: 'State before the change.',
      resolve: ({ before }) => before,
    }),
    after: t.field({
      type: FlakyStateRef,
      description: 'State after the change.',
      resolve: ({ after }) => after,
    }),
    rule: t.field({
      type: TransitionRuleRef,
      description: 'Rule that caused it.',
      resolve: ({ rule }) => rule,
    }),
  }),
});

builder.subscriptionField('flakyTestChanged', (t) =>
  t.field({
    type: FlakyTestChangedRef,
    description:
      'Each change of the state of a test, through whichever gateway, a moment after what caused it was stored. Ends when the key stops working.',
    args: {
      repositoryId: t.arg.id({
        description: 'Only of this repository, by its `id` or `databaseId`; of all when absent.',
      }),
    },
    subscribe: async (_root, args, { tenant, loaders, events, keyStillReads }) => {
      const repositoryId = optionalDatabaseId('Repository', args.repositoryId, ['repositoryId']);
      if (repositoryId !== null && (await loaders.row('Repository', repositoryId)) === null) {
        throw new NotFoundError('there is no such repository');
      }
      const { organizationId } = tenant;
      return events.flakyTests({ organizationId, repositoryId, mayRead: keyStillReads });
    },
    resolve: (change: FlakyTestChange) => change,
  }),
);
