import type { TestCaseAlias as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { related } from '../related.ts';
import { TestCaseRef } from '../types/test-case.ts';

builder.prismaObjectFields('TestCaseAlias', (t) => ({
  alias: t.field({
    type: TestCaseRef,
    description: 'The test case that was merged.',
    authScopes: { capability: 'READ' },
    ...related<Parent, 'TestCase'>('TestCase', 'aliasId'),
  }),
  testCase: t.field({
    type: TestCaseRef,
    description: 'The test case it was merged into; may itself have been merged since.',
    authScopes: { capability: 'READ' },
    ...related<Parent, 'TestCase'>('TestCase', 'testCaseId'),
  }),
}));
