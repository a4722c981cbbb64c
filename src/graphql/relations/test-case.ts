import { mergesOfTest } from '../../analytics/test-cases.ts';
import { testResults } from '../../analytics/test-results.ts';
import type { TestCase as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { nested } from '../connection.ts';
import { reachable, related } from '../related.ts';
import { FlakyTestRef } from '../types/flaky-test.ts';
import { RepositoryRef } from '../types/repository.ts';
import { TestCaseAliasConnection, TestCaseAliasRef } from '../types/test-case.ts';
import { TestResultConnection, TestResultRef, testResultList } from '../types/test-result.ts';

builder.prismaObjectFields('TestCase', (t) => ({
  results: t.connection(
    {
      type: TestResultRef,
      description: 'Its attempts, newest first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: testResultList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: testResultList.args.order,
          description: 'RECORDED_AT DESC when absent.',
        }),
      },
      ...nested(
        testResults,
        testResultList.toFilter,
        { name: 'testCaseId', type: 'text' },
        'id' satisfies keyof Parent,
      ),
    },
    TestResultConnection,
  ),
  repository: t.field({
    type: RepositoryRef,
    description: 'The repository it tests.',
    authScopes: { capability: 'READ' },
    ...related<Parent, 'Repository'>('Repository', 'repositoryId'),
  }),
  flakyTest: t.field({
    type: FlakyTestRef,
    nullable: true,
    description: 'What is held of its flakiness; null when there is no evidence.',
    authScopes: { capability: 'READ' },
    ...reachable<Parent, 'FlakyTest'>('FlakyTest', 'id'),
  }),
  mergedInto: t.field({
    type: TestCaseAliasRef,
    nullable: true,
    description:
      'The test case that its results count for, and since when; null when it was not merged into another one.',
    authScopes: { capability: 'READ' },
    ...reachable<Parent, 'TestCaseAlias'>('TestCaseAlias', 'id'),
  }),
  mergedFrom: t.connection(
    {
      type: TestCaseAliasRef,
      description: 'Test cases that were merged into it, the last first.',
      authScopes: { capability: 'READ' },
      ...nested(
        mergesOfTest,
        () => mergesOfTest.everything,
        { name: 'testCaseId', type: 'text' },
        'id' satisfies keyof Parent,
      ),
    },
    TestCaseAliasConnection,
  ),
}));
