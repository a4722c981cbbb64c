import { disruptionsOfTest } from '../../analytics/disruptions.ts';
import { evidenceOfTest } from '../../analytics/flaky-tests.ts';
import { transitionsOfTest } from '../../analytics/flaky-transitions.ts';
import { testResults } from '../../analytics/test-results.ts';
import type { FlakyTest as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { nested } from '../connection.ts';
import { related } from '../related.ts';
import { DisruptionConnection, disruptionList, DisruptionRef } from '../types/disruption.ts';
import { FlakyEvidenceConnection, FlakyEvidenceRef } from '../types/flaky-test.ts';
import {
  FlakyTransitionConnection,
  flakyTransitionList,
  FlakyTransitionRef,
} from '../types/flaky-transition.ts';
import { RepositoryRef } from '../types/repository.ts';
import { TestCaseRef } from '../types/test-case.ts';
import { TestResultConnection, TestResultRef, testResultList } from '../types/test-result.ts';

const column = { name: 'testCaseId', type: 'text' } as const;
const parentField = 'testCaseId' satisfies keyof Parent;

builder.prismaObjectFields('FlakyTest', (t) => ({
  evidence: t.connection(
    {
      type: FlakyEvidenceRef,
      description: 'Code states in which it both passed and failed, latest first.',
      authScopes: { capability: 'READ' },
      ...nested(evidenceOfTest, () => evidenceOfTest.everything, column, parentField),
    },
    FlakyEvidenceConnection,
  ),
  disruptions: t.connection(
    {
      type: DisruptionRef,
      description:
        'Failed results on code that also passed, and single failures between passes (SANDWICH), latest first.',
      authScopes: { capability: 'READ' },
      args: { filter: t.arg({ type: disruptionList.args.filter, description: 'Which of them.' }) },
      ...nested(disruptionsOfTest, disruptionList.toFilter, column, parentField),
    },
    DisruptionConnection,
  ),
  transitions: t.connection(
    {
      type: FlakyTransitionRef,
      description: 'How its state changed, latest first. Nothing is ever taken out.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: flakyTransitionList.args.filter, description: 'Which of them.' }),
      },
      ...nested(transitionsOfTest, flakyTransitionList.toFilter, column, parentField),
    },
    FlakyTransitionConnection,
  ),
  recentResults: t.connection(
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
      ...nested(testResults, testResultList.toFilter, column, parentField),
    },
    TestResultConnection,
  ),
  testCase: t.field({
    type: TestCaseRef,
    description: 'The test.',
    authScopes: { capability: 'READ' },
    ...related<Parent, 'TestCase'>('TestCase', 'testCaseId'),
  }),
  repository: t.field({
    type: RepositoryRef,
    description: 'The repository it tests.',
    authScopes: { capability: 'READ' },
    ...related<Parent, 'Repository'>('Repository', 'repositoryId'),
  }),
}));
