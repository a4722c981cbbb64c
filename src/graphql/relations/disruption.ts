import type { Disruption, FlakyEvidence } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { reachable } from '../related.ts';
import { BuildRef } from '../types/build.ts';
import { SubmissionRef } from '../types/submission.ts';
import { TestResultRef } from '../types/test-result.ts';

builder.prismaObjectFields('Disruption', (t) => ({
  result: t.field({
    type: TestResultRef,
    nullable: true,
    description: 'The result that failed; null when it is no longer kept.',
    authScopes: { capability: 'READ' },
    ...reachable<Disruption, 'TestResult'>('TestResult', 'resultId'),
  }),
  build: t.field({
    type: BuildRef,
    nullable: true,
    description: 'The build in which it failed; null when unknown.',
    authScopes: { capability: 'READ' },
    ...reachable<Disruption, 'Build'>('Build', 'buildId'),
  }),
  submission: t.field({
    type: SubmissionRef,
    nullable: true,
    description: 'The upload that told of it; null when there was none.',
    authScopes: { capability: 'READ' },
    ...reachable<Disruption, 'Submission'>('Submission', 'submissionId'),
  }),
}));

builder.prismaObjectFields('FlakyEvidence', (t) => ({
  passedResult: t.field({
    type: TestResultRef,
    nullable: true,
    description:
      'The latest result that passed; of a SANDWICH the one on the code state before. Null when it is no longer kept.',
    authScopes: { capability: 'READ' },
    ...reachable<FlakyEvidence, 'TestResult'>('TestResult', 'passedResultId'),
  }),
  failedResult: t.field({
    type: TestResultRef,
    nullable: true,
    description: 'The latest result that failed; null when it is no longer kept.',
    authScopes: { capability: 'READ' },
    ...reachable<FlakyEvidence, 'TestResult'>('TestResult', 'failedResultId'),
  }),
}));
