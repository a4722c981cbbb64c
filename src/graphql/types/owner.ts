import { ownersOf } from '../../analytics/owners.ts';
import type { FlakyTest, TestCase } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { computed } from '../related.ts';

const owners =
  'Who owns its file now, by the latest CODEOWNERS file of the repository, in the order of that file: `@user`, `@org/team`, `@@role` or an e-mail address. Known a moment after the test or the file is. None when the test has no file, and more than 100 never.';

builder.prismaObjectFields('TestCase', (t) => ({
  owners: t.stringList({
    description: owners,
    authScopes: { capability: 'READ' },
    ...computed<TestCase, object, string[]>('id', 'text', () => ownersOf),
  }),
}));

builder.prismaObjectFields('FlakyTest', (t) => ({
  owners: t.stringList({
    description: owners,
    authScopes: { capability: 'READ' },
    ...computed<FlakyTest, object, string[]>('testCaseId', 'text', () => ownersOf),
  }),
}));

builder.prismaObjectFields('TestResult', (t) => ({
  ownersAtTheTime: t.stringList({
    nullable: true,
    description:
      'Who owned the file of its test when it ran: by the CODEOWNERS file of its very commit, else by the latest one recorded until then. Null when none was, empty when it left the file to nobody.',
    authScopes: { capability: 'READ' },
    resolve: async (result, _args, { loaders }) => {
      const known = await loaders.ownersAtTheTime(result);
      return known === null ? null : [...known];
    },
  }),
}));
