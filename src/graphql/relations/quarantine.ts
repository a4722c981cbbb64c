import { quarantineEventsOfTest, quarantines } from '../../analytics/quarantines.ts';
import type {
  FlakyTest,
  Quarantine,
  QuarantineEvent,
  Repository,
  TestCase,
} from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { nested } from '../connection.ts';
import { reachable, related } from '../related.ts';
import {
  QuarantineConnection,
  QuarantineEventConnection,
  QuarantineEventRef,
  quarantineList,
  QuarantineRef,
} from '../types/quarantine.ts';
import { RepositoryRef } from '../types/repository.ts';
import { TestCaseRef } from '../types/test-case.ts';

builder.prismaObjectFields('Quarantine', (t) => ({
  testCase: t.field({
    type: TestCaseRef,
    description: 'The test.',
    authScopes: { capability: 'READ' },
    ...related<Quarantine, 'TestCase'>('TestCase', 'testCaseId'),
  }),
  repository: t.field({
    type: RepositoryRef,
    description: 'The repository it tests.',
    authScopes: { capability: 'READ' },
    ...related<Quarantine, 'Repository'>('Repository', 'repositoryId'),
  }),
}));

builder.prismaObjectFields('QuarantineEvent', (t) => ({
  testCase: t.field({
    type: TestCaseRef,
    description: 'The test.',
    authScopes: { capability: 'READ' },
    ...related<QuarantineEvent, 'TestCase'>('TestCase', 'testCaseId'),
  }),
}));

builder.prismaObjectFields('TestCase', (t) => ({
  quarantine: t.field({
    type: QuarantineRef,
    nullable: true,
    description: 'What was decided about its quarantine; null when nothing was, or it is over.',
    authScopes: { capability: 'READ' },
    ...reachable<TestCase, 'Quarantine'>('Quarantine', 'id'),
  }),
  quarantineEvents: t.connection(
    {
      type: QuarantineEventRef,
      description: 'All that was done about its quarantine and who did it, the latest first.',
      authScopes: { capability: 'READ' },
      ...nested(
        quarantineEventsOfTest,
        () => quarantineEventsOfTest.everything,
        { name: 'testCaseId', type: 'text' },
        'id' satisfies keyof TestCase,
      ),
    },
    QuarantineEventConnection,
  ),
}));

builder.prismaObjectFields('FlakyTest', (t) => ({
  quarantine: t.field({
    type: QuarantineRef,
    nullable: true,
    description: 'What was decided about its quarantine; null when nothing was, or it is over.',
    authScopes: { capability: 'READ' },
    ...reachable<FlakyTest, 'Quarantine'>('Quarantine', 'testCaseId'),
  }),
}));

builder.prismaObjectFields('Repository', (t) => ({
  quarantines: t.connection(
    {
      type: QuarantineRef,
      description: 'What was decided about the quarantine of its tests, the latest first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: quarantineList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: quarantineList.args.order,
          description: 'SINCE DESC when absent.',
        }),
      },
      ...nested(
        quarantines,
        quarantineList.toFilter,
        { name: 'repositoryId', type: 'uuid' },
        'id' satisfies keyof Repository,
      ),
    },
    QuarantineConnection,
  ),
}));
