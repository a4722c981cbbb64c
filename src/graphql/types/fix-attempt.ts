import type { TestCase } from '../../db/generated/prisma/client.ts';
import { ConflictError, NotFoundError } from '../../errors.ts';
import { markFixAttempted } from '../../triage/mark-fix-attempted.ts';
import { withdrawFixAttempt } from '../../triage/withdraw-fix-attempt.ts';
import { builder } from '../builder.ts';
import { databaseId } from '../node-id.ts';
import { reachable } from '../related.ts';
import { TestCaseRef } from './test-case.ts';

interface Changed {
  readonly testCase: TestCase;
}

const FixAttemptRef = builder.prismaObject('FixAttempt', {
  fields: (t) => ({
    commitSha: t.exposeString('commitSha'),
    attemptedAt: t.expose('attemptedAt', { type: 'DateTime' }),
    actor: t.exposeString('actor'),
  }),
});

builder.prismaObjectFields('TestCase', (t) => ({
  fixAttempt: t.field({
    type: FixAttemptRef,
    nullable: true,
    description:
      'The commit that is claimed to fix it; null without such a claim. Its state is FIX_PENDING until clean code states that contain the commit verify it, or a failure on one refutes it.',
    authScopes: { capability: 'READ' },
    ...reachable<TestCase, 'FixAttempt'>('FixAttempt', 'id'),
  }),
}));

const MarkFixAttemptedInput = builder.inputType('MarkFixAttemptedInput', {
  description: 'A test, and the commit that is claimed to fix it.',
  fields: (t) => ({
    testCaseId: t.id({
      required: true,
      description: 'The test case, by its `id` or `databaseId`.',
    }),
    commitSha: t.string({
      required: true,
      description:
        'The commit that fixes it, by its SHA as CI builds it (of a pull request that was merged: what is on the default branch); at most 128 characters.',
    }),
  }),
});

const MarkFixAttemptedPayload = builder.objectRef<Changed>('MarkFixAttemptedPayload').implement({
  description: 'A test with a claim that it is fixed.',
  fields: (t) => ({
    testCase: t.field({
      type: TestCaseRef,
      description: 'The test case. Its state changes a moment later.',
      resolve: ({ testCase }) => testCase,
    }),
  }),
});

const WithdrawFixAttemptInput = builder.inputType('WithdrawFixAttemptInput', {
  description: 'A test that is not fixed after all.',
  fields: (t) => ({
    testCaseId: t.id({
      required: true,
      description: 'The test case, by its `id` or `databaseId`.',
    }),
  }),
});

const WithdrawFixAttemptPayload = builder
  .objectRef<Changed>('WithdrawFixAttemptPayload')
  .implement({
    description: 'A test without a claim that it is fixed.',
    fields: (t) => ({
      testCase: t.field({
        type: TestCaseRef,
        description: 'The test case. Its state changes a moment later.',
        resolve: ({ testCase }) => testCase,
      }),
    }),
  });

builder.mutationFields((t) => ({
  markFixAttempted: t.field({
    type: MarkFixAttemptedPayload,
    description:
      "Claims that a commit fixes a test. From its first result on that commit on, what runs on the same branch contains it: as many clean code states as the repository's `fixStates` verify the fix, a failure refutes it. While no result of the test is of the commit, the default branch counts from now on. The same commit again changes nothing, another one begins anew. Needs MANAGE.",
    errors: { types: [NotFoundError, ConflictError] },
    args: {
      input: t.arg({ type: MarkFixAttemptedInput, required: true, description: 'The fix.' }),
    },
    resolve: async (_root, { input }, ctx) => ({
      testCase: await markFixAttempted(ctx, {
        ...input,
        testCaseId: databaseId('TestCase', input.testCaseId, ['input', 'testCaseId']),
      }),
    }),
  }),
  withdrawFixAttempt: t.field({
    type: WithdrawFixAttemptPayload,
    description:
      'Withdraws the claim that `markFixAttempted` made. Without one it changes nothing. Needs MANAGE.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({ type: WithdrawFixAttemptInput, required: true, description: 'Which test.' }),
    },
    resolve: async (_root, { input }, ctx) => ({
      testCase: await withdrawFixAttempt(ctx, {
        testCaseId: databaseId('TestCase', input.testCaseId, ['input', 'testCaseId']),
      }),
    }),
  }),
}));
