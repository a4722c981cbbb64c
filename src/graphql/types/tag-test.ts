import { tagsOf } from '../../analytics/test-tags.ts';
import type { FlakyTest, TestCase } from '../../db/generated/prisma/client.ts';
import { ConflictError, NotFoundError } from '../../errors.ts';
import { tagTest } from '../../triage/tag-test.ts';
import { untagTest } from '../../triage/untag-test.ts';
import { builder } from '../builder.ts';
import { databaseId } from '../node-id.ts';
import { derived } from '../related.ts';
import { TestCaseRef } from './test-case.ts';

interface Changed {
  readonly testCases: readonly TestCase[];
}

builder.prismaObjectFields('TestCase', (t) => ({
  tags: t.stringList({
    description: 'What people call it, in alphabetical order; up to 50 tags.',
    authScopes: { capability: 'READ' },
    ...derived<TestCase, string[]>('id', tagsOf, (id, { loaders }) => loaders.tagsOfTest(id)),
  }),
}));

builder.prismaObjectFields('FlakyTest', (t) => ({
  tags: t.stringList({
    description: 'What people call the test, in alphabetical order; up to 50 tags.',
    authScopes: { capability: 'READ' },
    ...derived<FlakyTest, string[]>('testCaseId', tagsOf, (id, { loaders }) =>
      loaders.tagsOfTest(id),
    ),
  }),
}));

const TagTestInput = builder.inputType('TagTestInput', {
  description: 'Tests, and words that people put on them.',
  fields: (t) => ({
    testCaseIds: t.idList({
      required: true,
      description: 'The test cases, 1 to 100, by their `id` or `databaseId`.',
    }),
    tags: t.stringList({
      required: true,
      description:
        'The tags, 1 to 50 of up to 64 characters. Letter case does not tell one from another, nor do blanks around it.',
    }),
  }),
});

const TagTestPayload = builder.objectRef<Changed>('TagTestPayload').implement({
  description: 'Tests with their tags.',
  fields: (t) => ({
    testCases: t.field({
      type: [TestCaseRef],
      description: 'The test cases, each once, in the order of the input.',
      resolve: ({ testCases }) => [...testCases],
    }),
  }),
});

const UntagTestPayload = builder.objectRef<Changed>('UntagTestPayload').implement({
  description: 'Tests with the tags that are left.',
  fields: (t) => ({
    testCases: t.field({
      type: [TestCaseRef],
      description: 'The test cases, each once, in the order of the input.',
      resolve: ({ testCases }) => [...testCases],
    }),
  }),
});

function toIds(ids: readonly string[]): string[] {
  return ids.map((id, index) =>
    databaseId('TestCase', id, ['input', 'testCaseIds', String(index)]),
  );
}

builder.mutationFields((t) => ({
  tagTest: t.field({
    type: TagTestPayload,
    description:
      'Puts tags on tests. A tag that a test has, in any letter case, stays as it was first written. Needs MANAGE.',
    errors: { types: [NotFoundError, ConflictError] },
    args: {
      input: t.arg({ type: TagTestInput, required: true, description: 'Which tags on which.' }),
    },
    resolve: async (_root, { input }, ctx) => ({
      testCases: await tagTest(ctx, { ...input, testCaseIds: toIds(input.testCaseIds) }),
    }),
  }),
  untagTest: t.field({
    type: UntagTestPayload,
    description:
      'Takes tags off tests, in any letter case. What a test does not have changes nothing. Needs MANAGE.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({ type: TagTestInput, required: true, description: 'Which tags off which.' }),
    },
    resolve: async (_root, { input }, ctx) => ({
      testCases: await untagTest(ctx, { ...input, testCaseIds: toIds(input.testCaseIds) }),
    }),
  }),
}));
