import type { TestCase } from '../../db/generated/prisma/client.ts';
import { ConflictError, NotFoundError } from '../../errors.ts';
import { mergeTestCases } from '../../ingest/merge-test-cases.ts';
import { unmergeTestCase } from '../../ingest/unmerge-test-case.ts';
import { builder } from '../builder.ts';
import { databaseId } from '../node-id.ts';
import { TestCaseRef } from './test-case.ts';

interface Changed {
  readonly testCase: TestCase;
}

const MergeTestCasesInput = builder.inputType('MergeTestCasesInput', {
  description: 'Test cases of one repository, such as the former names of one test.',
  fields: (t) => ({
    from: t.idList({
      required: true,
      description: 'The test cases to merge, 1 to 100, by their `id` or `databaseId`.',
    }),
    into: t.id({
      required: true,
      description: 'The test case their results shall count for, by its `id` or `databaseId`.',
    }),
  }),
});

const MergeTestCasesPayload = builder.objectRef<Changed>('MergeTestCasesPayload').implement({
  description: 'What test cases were merged into.',
  fields: (t) => ({
    testCase: t.field({
      type: TestCaseRef,
      description: 'The test case their results count for now.',
      resolve: ({ testCase }) => testCase,
    }),
  }),
});

const UnmergeTestCaseInput = builder.inputType('UnmergeTestCaseInput', {
  description: 'A test case that was merged into another one.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The test case, by its `id` or `databaseId`.' }),
  }),
});

const UnmergeTestCasePayload = builder.objectRef<Changed>('UnmergeTestCasePayload').implement({
  description: 'A test case that stands for itself.',
  fields: (t) => ({
    testCase: t.field({
      type: TestCaseRef,
      description: 'The test case, with its results.',
      resolve: ({ testCase }) => testCase,
    }),
  }),
});

builder.mutationFields((t) => ({
  mergeTestCases: t.field({
    type: MergeTestCasesPayload,
    description:
      'Lets the results of some test cases count for another one, those that are stored and those to come: a test that was renamed keeps its history. Flakiness is judged anew, and what was decided about the quarantine of the former holds for the other one, under all names. Again it changes nothing; `unmergeTestCase` gives the results back; a quarantine that moved stays with the test it moved to. Needs MANAGE.',
    errors: { types: [NotFoundError, ConflictError] },
    args: {
      input: t.arg({ type: MergeTestCasesInput, required: true, description: 'What to merge.' }),
    },
    resolve: async (_root, { input }, ctx) => ({
      testCase: await mergeTestCases(ctx, {
        from: input.from.map((id, index) =>
          databaseId('TestCase', id, ['input', 'from', String(index)]),
        ),
        into: databaseId('TestCase', input.into, ['input', 'into']),
      }),
    }),
  }),
  unmergeTestCase: t.field({
    type: UnmergeTestCasePayload,
    description:
      'Undoes a merge: the test case has its results again, those that came since then too; a quarantine that moved with it stays where it is. On one that is not merged it changes nothing. Needs MANAGE.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({ type: UnmergeTestCaseInput, required: true, description: 'What to part.' }),
    },
    resolve: async (_root, { input }, ctx) => ({
      testCase: await unmergeTestCase(ctx, {
        id: databaseId('TestCase', input.id, ['input', 'id']),
      }),
    }),
  }),
}));
