import { type CurrentCodeowners, currentCodeowners } from '../../analytics/codeowners.ts';
import type { Repository } from '../../db/generated/prisma/client.ts';
import type * as enums from '../../db/generated/prisma/enums.ts';
import type { CodeownersProblem } from '../../domain/codeowners.ts';
import { TooLargeError } from '../../errors.ts';
import { type RecordedCodeowners, recordCodeowners } from '../../ingest/record-codeowners.ts';
import { builder } from '../builder.ts';
import { describe } from '../fields.ts';
import { computed, related } from '../related.ts';
import { RepositoryInput } from './repository-input.ts';
import { RepositoryRef } from './repository.ts';

const CodeownersDialectRef = builder.enumType('CodeownersDialect', {
  description: 'Whose rules a CODEOWNERS file follows.',
  values: {
    GITHUB: { description: "GitHub's: the last pattern that matches wins." },
    GITLAB: { description: "GitLab's: the last pattern of each section wins; `!` excludes." },
  } satisfies Record<keyof typeof enums.CodeownersDialect, { description: string }>,
});

const CodeownersProblemRef = builder.objectRef<CodeownersProblem>('CodeownersProblem').implement({
  description: 'What is wrong with a line of a CODEOWNERS file.',
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'The line, from 1.' }),
    message: t.exposeString('message', { description: 'What is wrong, and what became of it.' }),
  }),
});

const CodeownersRef = builder.objectRef<CurrentCodeowners>('Codeowners').implement({
  description: 'The CODEOWNERS file of a repository.',
  fields: (t) => ({
    commitSha: t.exposeString('commitSha', {
      nullable: true,
      description: describe('CodeownersVersion', 'commitSha'),
    }),
    path: t.exposeString('path', {
      nullable: true,
      description: describe('CodeownersVersion', 'path'),
    }),
    dialect: t.field({
      type: CodeownersDialectRef,
      description: 'Whose rules it follows.',
      resolve: ({ dialect }) => dialect,
    }),
    recordedAt: t.field({
      type: 'DateTime',
      description: describe('CodeownersVersion', 'recordedAt'),
      resolve: ({ recordedAt }) => new Date(recordedAt),
    }),
    ruleCount: t.exposeInt('ruleCount', { description: describe('CodeownersFile', 'ruleCount') }),
    problems: t.field({
      type: [CodeownersProblemRef],
      description: 'What is wrong with its lines: the first 100 in their order.',
      resolve: ({ problems }) => [...problems],
    }),
    problemCount: t.exposeInt('problemCount', { description: 'How many there are in all.' }),
  }),
});

builder.prismaObjectFields('Repository', (t) => ({
  codeowners: t.field({
    type: CodeownersRef,
    nullable: true,
    description: 'The latest of its CODEOWNERS files; null when none was recorded.',
    authScopes: { capability: 'READ' },
    ...computed<Repository, object, CurrentCodeowners | null>(
      'id',
      'uuid',
      () => currentCodeowners,
    ),
  }),
}));

const RecordCodeownersInput = builder.inputType('RecordCodeownersInput', {
  description: 'A CODEOWNERS file.',
  fields: (t) => ({
    repository: t.field({
      type: RepositoryInput,
      required: true,
      description: 'The repository whose file it is.',
    }),
    commitSha: t.string({
      description:
        'Commit whose file it is. Sent again for a commit, the later content replaces the earlier one, from the first time on that it was recorded.',
    }),
    recordedAt: t.field({
      type: 'DateTime',
      description: 'Since when the file says this, e.g. the time of the commit; now when absent.',
    }),
    path: t.string({ description: 'Where it lies, e.g. `.github/CODEOWNERS`.' }),
    content: t.string({
      required: true,
      description:
        'What it says: at most 3 MiB and 100,000 lines. Empty when there is none any more.',
    }),
    dialect: t.field({
      type: CodeownersDialectRef,
      description: "Whose rules it follows; GITLAB when absent and the repository's provider is.",
    }),
  }),
});

const RecordCodeownersPayload = builder
  .objectRef<RecordedCodeowners>('RecordCodeownersPayload')
  .implement({
    description: 'What became of the file.',
    fields: (t) => ({
      created: t.exposeBoolean('created', {
        description: 'False when the file of that commit, or the same file, was known before.',
      }),
      repository: t.field({
        type: RepositoryRef,
        description: 'The repository. Owners of its tests change a moment later.',
        authScopes: { capability: 'READ' },
        ...related<RecordedCodeowners, 'Repository'>('Repository', 'repositoryId'),
      }),
    }),
  });

builder.mutationField('recordCodeowners', (t) =>
  t.field({
    type: RecordCodeownersPayload,
    description:
      'Stores the CODEOWNERS file of a repository, so that tests have owners: send it from builds of the default branch. The latest file counts for owners now, each earlier one for the time that it was in force. Lines that are no good are left out and reported. Needs INGEST.',
    errors: { types: [TooLargeError] },
    args: {
      input: t.arg({ type: RecordCodeownersInput, required: true, description: 'The file.' }),
    },
    resolve: (_root, { input }, ctx) => recordCodeowners(ctx, input),
  }),
);
