import { evidenceOfTest } from '../../analytics/flaky-tests.ts';
import type { FlakyTest as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { resolveNested } from '../connection.ts';
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
      resolve: resolveNested(
        evidenceOfTest,
        () => evidenceOfTest.everything,
        { name: 'testCaseId', type: 'text' },
        (parent: Parent) => parent.testCaseId,
      ),
    },
    FlakyEvidenceConnection,
  ),
  testCase: t.field({
    type: TestCaseRef,
    description: 'The test.',
    authScopes: { capability: 'READ' },
    resolve: related('TestCase', ({ testCaseId }) => testCaseId),
  }),
  repository: t.field({
    type: RepositoryRef,
    description: 'The repository it tests.',
    authScopes: { capability: 'READ' },
    resolve: related('Repository', ({ repositoryId }) => repositoryId),
  }),
}));
