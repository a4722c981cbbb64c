import type { TestResult as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { reachable, related } from '../related.ts';
import { BuildRef } from '../types/build.ts';
import { InvocationRef } from '../types/invocation.ts';
import { RepositoryRef } from '../types/repository.ts';
import { SubmissionRef } from '../types/submission.ts';
import { TestCaseRef } from '../types/test-case.ts';

builder.prismaObjectFields('TestResult', (t) => ({
  testCase: t.field({
    type: TestCaseRef,
    description: 'The test that ran.',
    authScopes: { capability: 'READ' },
    ...related<Parent, 'TestCase'>('TestCase', 'testCaseId'),
  }),
  repository: t.field({
    type: RepositoryRef,
    description: 'The repository that was tested.',
    authScopes: { capability: 'READ' },
    ...related<Parent, 'Repository'>('Repository', 'repositoryId'),
  }),
  build: t.field({
    type: BuildRef,
    nullable: true,
    description: 'The build it ran in; null when unknown.',
    authScopes: { capability: 'READ' },
    ...reachable<Parent, 'Build'>('Build', 'buildId'),
  }),
  submission: t.field({
    type: SubmissionRef,
    nullable: true,
    description: 'The submission that recorded it, if one did.',
    authScopes: { capability: 'READ' },
    ...reachable<Parent, 'Submission'>('Submission', 'submissionId'),
  }),
  invocation: t.field({
    type: InvocationRef,
    nullable: true,
    description: 'The Bazel invocation it ran in, if it did.',
    authScopes: { capability: 'READ' },
    ...reachable<Parent, 'Invocation'>('Invocation', 'invocationId'),
  }),
}));
