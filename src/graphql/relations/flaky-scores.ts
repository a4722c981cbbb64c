import { latestNegativeResult, latestPositiveResult } from '../../analytics/disruptions.ts';
import { type FlakyDay, flakyHistory } from '../../analytics/flaky-history.ts';
import { type FlakyCounts, flakyCounts } from '../../analytics/flaky-scores.ts';
import {
  type RepositoryFlakiness,
  repositoryFlakiness,
} from '../../analytics/flaky-scores-of-repository.ts';
import type { FlakyTest, Repository } from '../../db/generated/prisma/client.ts';
import { type AskedWindow, requireDays, scoreWindow } from '../../domain/score-window.ts';
import { builder } from '../builder.ts';
import { computed, reachableBy } from '../related.ts';
import {
  FlakyDayRef,
  FlakyScoresRef,
  RepositoryFlakinessRef,
  ScoreWindow,
  windowDescription,
} from '../types/flaky-scores.ts';
import { TestResultRef } from '../types/test-result.ts';

interface InWindow {
  readonly window?: AskedWindow | null | undefined;
}

builder.prismaObjectFields('FlakyTest', (t) => ({
  scores: t.field({
    type: FlakyScoresRef,
    description: 'How it did in a window of time.',
    authScopes: { capability: 'READ' },
    args: { window: t.arg({ type: ScoreWindow, description: windowDescription }) },
    ...computed<FlakyTest, InWindow, FlakyCounts>('testCaseId', 'text', ({ window }) =>
      flakyCounts(scoreWindow(window)),
    ),
  }),
  history: t.field({
    type: [FlakyDayRef],
    description: 'Its results by day (UTC) up to today, without gaps, the earliest first.',
    authScopes: { capability: 'READ' },
    args: {
      days: t.arg.int({
        required: true,
        defaultValue: 30,
        description: 'So many days, today included: 1 to 400.',
      }),
    },
    ...computed<FlakyTest, { readonly days: number }, FlakyDay[]>(
      'testCaseId',
      'text',
      ({ days }) => flakyHistory(requireDays(days, ['days'])),
    ),
  }),
  latestNegativeResult: t.field({
    type: TestResultRef,
    nullable: true,
    description:
      'The latest result that failed on a code state, or within a run, in which the test passed as well; null when there is none.',
    authScopes: { capability: 'READ' },
    ...reachableBy<FlakyTest, 'TestResult'>(
      'TestResult',
      'testCaseId',
      'text',
      latestNegativeResult,
    ),
  }),
  latestPositiveResult: t.field({
    type: TestResultRef,
    nullable: true,
    description:
      'The latest result that passed on a code state, or within a run, in which the test failed as well; null when there is none.',
    authScopes: { capability: 'READ' },
    ...reachableBy<FlakyTest, 'TestResult'>(
      'TestResult',
      'testCaseId',
      'text',
      latestPositiveResult,
    ),
  }),
}));

builder.prismaObjectFields('Repository', (t) => ({
  flakiness: t.field({
    type: RepositoryFlakinessRef,
    description: 'What flaky tests cost it in a window of time.',
    authScopes: { capability: 'READ' },
    args: { window: t.arg({ type: ScoreWindow, description: windowDescription }) },
    ...computed<Repository, InWindow, RepositoryFlakiness>('id', 'uuid', ({ window }) =>
      repositoryFlakiness(scoreWindow(window)),
    ),
  }),
}));
