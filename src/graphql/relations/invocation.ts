import { targets } from '../../analytics/targets.ts';
import { testResults } from '../../analytics/test-results.ts';
import type { Invocation as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { nested } from '../connection.ts';
import { reachable } from '../related.ts';
import { RepositoryRef } from '../types/repository.ts';
import { TargetConnection, TargetRef, targetList } from '../types/target.ts';
import { TestResultConnection, TestResultRef, testResultList } from '../types/test-result.ts';

builder.prismaObjectFields('Invocation', (t) => ({
  targets: t.connection(
    {
      type: TargetRef,
      description: 'Its targets, by label.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: targetList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({ type: targetList.args.order, description: 'LABEL ASC when absent.' }),
      },
      ...nested(
        targets,
        (asked: object) => asked,
        { name: 'invocationId', type: 'uuid' },
        'id' satisfies keyof Parent,
      ),
    },
    TargetConnection,
  ),
  testResults: t.connection(
    {
      type: TestResultRef,
      description: 'Its test results, newest first.',
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
        { name: 'invocationId', type: 'uuid' },
        'id' satisfies keyof Parent,
      ),
    },
    TestResultConnection,
  ),
  repository: t.field({
    type: RepositoryRef,
    nullable: true,
    description: 'The repository that was built; null when unknown.',
    authScopes: { capability: 'READ' },
    ...reachable<Parent, 'Repository'>('Repository', 'repositoryId'),
  }),
}));
