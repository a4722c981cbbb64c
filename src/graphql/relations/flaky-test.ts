import { evidenceOfTest } from '../../analytics/flaky-tests.ts';
import type { FlakyTest as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { nested } from '../connection.ts';
import { related } from '../related.ts';
import { FlakyEvidenceConnection, FlakyEvidenceRef } from '../types/flaky-test.ts';
import { RepositoryRef } from '../types/repository.ts';
import { TestCaseRef } from '../types/test-case.ts';

builder.prismaObjectFields('FlakyTest', (t) => ({
  evidence: t.connection(
    {
      type: FlakyEvidenceRef,
      description: 'Code states in which it both passed and failed, latest first.',
      authScopes: { capability: 'READ' },
      ...nested(
        evidenceOfTest,
        () => evidenceOfTest.everything,
        { name: 'testCaseId', type: 'text' },
        'testCaseId' satisfies keyof Parent,
      ),
    },
    FlakyEvidenceConnection,
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
