import type { Quarantine, TestCase } from '../../db/generated/prisma/client.ts';
import { ConflictError, NotFoundError } from '../../errors.ts';
import { quarantineTest } from '../../triage/quarantine-test.ts';
import { unquarantineTest } from '../../triage/unquarantine-test.ts';
import { builder } from '../builder.ts';
import { describe } from '../fields.ts';
import { databaseId } from '../node-id.ts';
import { QuarantineModeRef } from './enums.ts';
import { QuarantineRef } from './quarantine.ts';
import { TestCaseRef } from './test-case.ts';

const QuarantineTestInput = builder.inputType('QuarantineTestInput', {
  description: 'What is decided about the quarantine of a test.',
  fields: (t) => ({
    testCaseId: t.id({
      required: true,
      description: 'The test case, by its `id` or `databaseId`.',
    }),
    mode: t.field({
      type: QuarantineModeRef,
      required: true,
      description: describe('Quarantine', 'mode'),
    }),
    reason: t.string({ description: 'Why; at most 1,000 characters.' }),
    owner: t.string({ description: 'Who looks after it; at most 256 characters.' }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When it ends automatically, in the future; never when absent.',
    }),
  }),
});

const QuarantineTestPayload = builder
  .objectRef<{ readonly quarantine: Quarantine }>('QuarantineTestPayload')
  .implement({
    description: 'What was decided about a test.',
    fields: (t) => ({
      quarantine: t.field({
        type: QuarantineRef,
        description: 'What holds from now on.',
        resolve: ({ quarantine }) => quarantine,
      }),
    }),
  });

const UnquarantineTestInput = builder.inputType('UnquarantineTestInput', {
  description: 'A test about whose quarantine something was decided.',
  fields: (t) => ({
    testCaseId: t.id({
      required: true,
      description: 'The test case, by its `id` or `databaseId`.',
    }),
  }),
});

const UnquarantineTestPayload = builder
  .objectRef<{ readonly testCase: TestCase }>('UnquarantineTestPayload')
  .implement({
    description: 'A test of which nothing is decided.',
    fields: (t) => ({
      testCase: t.field({
        type: TestCaseRef,
        description: 'The test case.',
        resolve: ({ testCase }) => testCase,
      }),
    }),
  });

builder.mutationFields((t) => ({
  quarantineTest: t.field({
    type: QuarantineTestPayload,
    description:
      'Puts a test into quarantine, or says with NEVER that it never goes there; what was decided before is replaced. Runners learn of it from `GET /api/v1/quarantine`. The same again changes nothing. Needs MANAGE.',
    errors: { types: [NotFoundError, ConflictError] },
    args: {
      input: t.arg({ type: QuarantineTestInput, required: true, description: 'What is decided.' }),
    },
    resolve: async (_root, { input }, ctx) => ({
      quarantine: await quarantineTest(ctx, {
        ...input,
        testCaseId: databaseId('TestCase', input.testCaseId, ['input', 'testCaseId']),
      }),
    }),
  }),
  unquarantineTest: t.field({
    type: UnquarantineTestPayload,
    description:
      'Ends what was decided about the quarantine of a test, by a person or by the rule, which does not bring it back before the test disrupts builds anew. On a test without it changes nothing. Needs MANAGE.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({ type: UnquarantineTestInput, required: true, description: 'Which test.' }),
    },
    resolve: async (_root, { input }, ctx) => ({
      testCase: await unquarantineTest(ctx, {
        testCaseId: databaseId('TestCase', input.testCaseId, ['input', 'testCaseId']),
      }),
    }),
  }),
}));
