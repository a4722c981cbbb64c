import type { TestResult } from '../../db/generated/prisma/client.ts';
import { NotFoundError } from '../../errors.ts';
import { excludeResults } from '../../triage/exclude-results.ts';
import { includeResults } from '../../triage/include-results.ts';
import { builder } from '../builder.ts';
import { databaseId } from '../node-id.ts';
import { reachable } from '../related.ts';
import { TestResultRef } from './test-result.ts';

interface Changed {
  readonly results: readonly TestResult[];
}

const ExclusionRef = builder.prismaObject('ExcludedResult', {
  fields: (t) => ({
    reason: t.exposeString('reason'),
    actor: t.exposeString('actor'),
    excludedAt: t.expose('excludedAt', { type: 'DateTime' }),
  }),
});

builder.prismaObjectFields('TestResult', (t) => ({
  exclusion: t.field({
    type: ExclusionRef,
    nullable: true,
    description: 'Who says that it is no evidence, and why; null when nobody does.',
    authScopes: { capability: 'READ' },
    ...reachable<TestResult, 'ExcludedResult'>('ExcludedResult', 'id'),
  }),
}));

const resultIds = 'The results, 1 to 100, by their `id` or `databaseId`.';

const ExcludeResultsInput = builder.inputType('ExcludeResultsInput', {
  description: 'Results that are no evidence of anything.',
  fields: (t) => ({
    resultIds: t.idList({ required: true, description: resultIds }),
    reason: t.string({ required: true, description: 'Why; at most 1,000 characters.' }),
  }),
});

const IncludeResultsInput = builder.inputType('IncludeResultsInput', {
  description: 'Results that count after all.',
  fields: (t) => ({ resultIds: t.idList({ required: true, description: resultIds }) }),
});

const ExcludeResultsPayload = builder.objectRef<Changed>('ExcludeResultsPayload').implement({
  description: 'Results that are no evidence.',
  fields: (t) => ({
    results: t.field({
      type: [TestResultRef],
      description: 'The results, each once, in the order of time.',
      resolve: ({ results }) => [...results],
    }),
  }),
});

const IncludeResultsPayload = builder.objectRef<Changed>('IncludeResultsPayload').implement({
  description: 'Results that nobody excludes.',
  fields: (t) => ({
    results: t.field({
      type: [TestResultRef],
      description: 'The results, each once, in the order of time.',
      resolve: ({ results }) => [...results],
    }),
  }),
});

function toIds(ids: readonly string[]): string[] {
  return ids.map((id, index) =>
    databaseId('TestResult', id, ['input', 'resultIds', String(index)]),
  );
}

builder.mutationFields((t) => ({
  excludeResults: t.field({
    type: ExcludeResultsPayload,
    description:
      'Says that results are no evidence of flakiness; their tests are judged anew. They still count in statistics. `includeResults` undoes it. Needs MANAGE.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({ type: ExcludeResultsInput, required: true, description: 'Which, and why.' }),
    },
    resolve: async (_root, { input }, ctx) => ({
      results: await excludeResults(ctx, { ...input, resultIds: toIds(input.resultIds) }),
    }),
  }),
  includeResults: t.field({
    type: IncludeResultsPayload,
    description:
      'Takes back what `excludeResults` said: the results count again, unless an outage or a cancelled build guards them. Needs MANAGE.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({ type: IncludeResultsInput, required: true, description: 'Which results.' }),
    },
    resolve: async (_root, { input }, ctx) => ({
      results: await includeResults(ctx, { resultIds: toIds(input.resultIds) }),
    }),
  }),
}));
