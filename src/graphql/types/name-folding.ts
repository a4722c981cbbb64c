import {
  type FoldedGroup,
  type NameFoldingPreview,
  nameFoldingPreview,
} from '../../analytics/name-folding-preview.ts';
import type { Repository } from '../../db/generated/prisma/client.ts';
import type * as enums from '../../db/generated/prisma/enums.ts';
import { NotFoundError } from '../../errors.ts';
import { setNameFolding } from '../../ingest/set-name-folding.ts';
import { builder } from '../builder.ts';
import { describe } from '../fields.ts';
import { databaseId } from '../node-id.ts';
import { RepositoryRef } from './repository.ts';
import { TestCaseRef } from './test-case.ts';

const NameFoldingRuleRef = builder.enumType('NameFoldingRule', {
  description:
    'A part of the names of tests that may change from run to run, and what stands for it once it is folded.',
  values: {
    SEEDS: { description: 'Numbers after `seed`, e.g. `seed=42`: `seed={seed}`.' },
    PORTS: { description: 'Ports of addresses, e.g. `localhost:54321`: `localhost:{port}`.' },
    DATES: { description: 'Dates and times, e.g. `2026-03-02T10:00:00Z`: `{date}`.' },
    UUIDS: { description: 'UUIDs: `{uuid}`.' },
    TEMP_PATHS: { description: 'Paths of temporary files, e.g. `/tmp/abc123/x`: `{path}`.' },
    HEX_ADDRESSES: {
      description: 'Addresses in memory, e.g. `0x7ffe01ab`, `Type@1b6d3586`: `{address}`.',
    },
  } satisfies Record<keyof typeof enums.NameFoldingRule, { description: string }>,
});

builder.prismaObjectFields('Repository', (t) => ({
  nameFolding: t.field({
    type: [NameFoldingRuleRef],
    description: describe('Repository', 'nameFolding'),
    resolve: ({ nameFolding }) => nameFolding,
  }),
}));

const FoldedGroupRef = builder.objectRef<FoldedGroup>('NameFoldingGroup').implement({
  description: 'Test cases that would be one.',
  fields: (t) => ({
    suite: t.string({
      description: 'Suite once it is folded.',
      resolve: ({ identity }) => identity.suite,
    }),
    className: t.string({
      description: 'Class once it is folded.',
      resolve: ({ identity }) => identity.className,
    }),
    name: t.string({
      description: 'Name once it is folded.',
      resolve: ({ identity }) => identity.name,
    }),
    file: t.string({
      description: 'Source file, which is never folded.',
      resolve: ({ identity }) => identity.file,
    }),
    variant: t.string({
      description: 'Variant, which is never folded.',
      resolve: ({ identity }) => identity.variant,
    }),
    testCaseCount: t.exposeInt('testCaseCount', { description: 'How many would be one.' }),
    examples: t.field({
      type: [TestCaseRef],
      description: 'Up to five of them, those first seen last first.',
      resolve: ({ examples }) => [...examples],
    }),
  }),
});

const PreviewRef = builder.objectRef<NameFoldingPreview>('NameFoldingPreview').implement({
  description: 'What folding would do to the test cases of a repository.',
  fields: (t) => ({
    groups: t.field({
      type: [FoldedGroupRef],
      description: 'The largest groups of test cases that would be named otherwise.',
      resolve: ({ groups }) => [...groups],
    }),
    groupCount: t.exposeInt('groupCount', { description: 'How many groups there are in all.' }),
    scannedCount: t.exposeInt('scannedCount', {
      description: 'How many test cases were looked at: at most 20,000, those first seen last.',
    }),
    isComplete: t.exposeBoolean('isComplete', {
      description: 'False when the repository has more test cases than were looked at.',
    }),
  }),
});

builder.queryField('nameFoldingPreview', (t) =>
  t.field({
    type: PreviewRef,
    description:
      'What the test cases of a repository would be called if these rules were set. Nothing is stored; `setNameFolding` sets them.',
    args: {
      repositoryId: t.arg.id({
        required: true,
        description: 'The repository, by its `id` or `databaseId`.',
      }),
      rules: t.arg({
        type: [NameFoldingRuleRef],
        required: true,
        description: 'The rules to try.',
      }),
      first: t.arg.int({ description: 'How many groups: 0 to 100; 25 when absent.' }),
    },
    resolve: (_root, { repositoryId, rules, first }, ctx) =>
      nameFoldingPreview(ctx, {
        repositoryId: databaseId('Repository', repositoryId, ['repositoryId']),
        rules,
        first: first ?? 25,
      }),
  }),
);

const SetNameFoldingInput = builder.inputType('SetNameFoldingInput', {
  description: 'What a repository folds away in the names of its tests.',
  fields: (t) => ({
    repositoryId: t.id({
      required: true,
      description: 'The repository, by its `id` or `databaseId`.',
    }),
    rules: t.field({
      type: [NameFoldingRuleRef],
      required: true,
      description: 'All rules that shall hold; none to fold nothing.',
    }),
  }),
});

const SetNameFoldingPayload = builder
  .objectRef<{ readonly repository: Repository }>('SetNameFoldingPayload')
  .implement({
    description: 'A repository with its rules.',
    fields: (t) => ({
      repository: t.field({
        type: RepositoryRef,
        description: 'The repository.',
        resolve: ({ repository }) => repository,
      }),
    }),
  });

builder.mutationField('setNameFolding', (t) =>
  t.field({
    type: SetNameFoldingPayload,
    description:
      'Says which parts of test names are folded away, in suite, class and name, so that runs of one test count as one test. It holds for results that come from now on; to let those that are stored count too, use `mergeTestCases`. `nameFoldingPreview` shows what would become one. Needs MANAGE.',
    errors: { types: [NotFoundError] },
    args: {
      input: t.arg({ type: SetNameFoldingInput, required: true, description: 'The rules.' }),
    },
    resolve: async (_root, { input }, ctx) => ({
      repository: await setNameFolding(ctx, {
        repositoryId: databaseId('Repository', input.repositoryId, ['input', 'repositoryId']),
        rules: input.rules,
      }),
    }),
  }),
);
