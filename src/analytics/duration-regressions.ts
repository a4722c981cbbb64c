import type { ServiceContext } from '../context.ts';
import { benjaminiHochberg } from '../domain/benjamini-hochberg.ts';
import {
  durationRules,
  type DurationShift,
  durationShift,
  isNoticeable,
} from '../domain/duration-shift.ts';
import { ValidationError } from '../errors.ts';
import type { Asked, RepositoryFilter, TimeRange } from './conditions.ts';
import {
  type Candidates,
  candidatesOf,
  type ComparedDays,
  mostCandidates,
  runTimesOf,
} from './duration-regressions-read.ts';
import { requireFirst } from './require-first.ts';
import { wholeDays } from './whole-days.ts';

export interface DurationRegressionsQuestion {
  readonly repository: Asked<RepositoryFilter>;
  readonly base: TimeRange;
  readonly sample: TimeRange;
  /** The default branch of the repository when absent, all branches when it has none. */
  readonly branch?: string | null | undefined;
  readonly first?: number | null | undefined;
}

/** A test that takes longer than before. */
export interface DurationRegression extends DurationShift {
  readonly testCaseId: string;
  readonly baseRunCount: number;
  readonly sampleRunCount: number;
  readonly adjustedPValue: number;
}

export interface DurationRegressions extends Omit<Candidates, 'testCaseIds'> {
  /** The surest slowdown first. */
  readonly regressions: readonly DurationRegression[];
  /** Of all regressions, those that are not given too. */
  readonly totalCount: number;
  /** False when more tests seemed slower than were looked at. */
  readonly isComplete: boolean;
}

/**
 * Finds tests of which passing runs take longer in `sample` than in `base`. The histograms of days tell which up to 200
 * tests may, those that slowed down most first; their latest 200 run times a side decide. All tests with enough runs
 * count as hypotheses, so that looking at the suspicious ones alone makes nothing significant.
 *
 * @throws {ValidationError} for times that overlap or break a rule, or a page size out of range
 */
export async function durationRegressions(
  ctx: ServiceContext,
  { repository, base, sample, branch, first }: DurationRegressionsQuestion,
): Promise<DurationRegressions> {
  const size = requireFirst(first);
  const days: ComparedDays = {
    base: wholeDays(base, ctx.now(), ['base']),
    sample: wholeDays(sample, ctx.now(), ['sample']),
  };
  if (days.base.to > days.sample.from) {
    const message = 'must begin on a day (UTC) after all days of `base`';
    throw new ValidationError([{ path: ['sample', 'from'], message }]);
  }
  const { testCaseIds, ...candidates } = await candidatesOf(ctx, repository, days);
  const runTimes = await runTimesOf(ctx, testCaseIds, { days, branch });
  const compared = runTimes.flatMap(({ testCaseId, baseMs, sampleMs }) => {
    const shift = durationShift(baseMs, sampleMs);
    const counts = { baseRunCount: baseMs.length, sampleRunCount: sampleMs.length };
    return shift === null ? [] : [{ testCaseId, ...counts, ...shift }];
  });
  const found = significant(compared, candidates.comparedCount);
  return {
    ...candidates,
    regressions: found.slice(0, size),
    totalCount: found.length,
    isComplete: candidates.candidateCount <= mostCandidates,
  };
}

/** Those that pass all rules, by the lower end of their interval. */
function significant(
  compared: readonly Omit<DurationRegression, 'adjustedPValue'>[],
  familySize: number,
): DurationRegression[] {
  const pValues = compared.map(({ pValue }) => pValue);
  const adjusted = benjaminiHochberg(pValues, familySize);
  return compared
    .map((test, index) => ({ ...test, adjustedPValue: adjusted[index] ?? 1 }))
    .filter((test) => test.adjustedPValue <= durationRules.falseDiscoveryRate && isNoticeable(test))
    .sort((a, b) => b.lowerFactor - a.lowerFactor || (a.testCaseId < b.testCaseId ? -1 : 1));
}
