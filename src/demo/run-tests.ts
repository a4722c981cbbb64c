import { describeFailure } from './describe-failure.ts';
import type { DemoJob, DemoTest } from './project.ts';
import type { Push } from './pushes.ts';
import type { Random } from './random.ts';
import type { ResultRecord } from './records.ts';
import type { Period } from './timetable.ts';

const DAY_MS = 86_400_000;

/** Where and when a job runs its tests. */
export interface TestRun {
  readonly job: DemoJob;
  readonly push: Push;
  readonly startedAt: Date;
  /** The whole history: some tests change in its course. */
  readonly period: Period;
}

/** What became of the tests of a build. */
export interface TestOutcome {
  readonly results: readonly ResultRecord[];
  readonly durationMs: number;
  /** Tests whose last attempt failed. */
  readonly failedTests: readonly DemoTest[];
  /** True when each of those fails only sometimes. */
  readonly isFlaky: boolean;
}

/** Runs the tests of a job, so to speak, in order; a failed one is tried again as often as the job says. */
export function runTests(run: TestRun, random: Random): TestOutcome {
  const results: ResultRecord[] = [];
  const failedTests: DemoTest[] = [];
  let elapsedMs = 0;
  for (const test of run.job.tests) {
    const attempts = attemptsOf(test, run, random);
    for (const attempt of attempts) {
      const recordedAt = new Date(run.startedAt.getTime() + Math.floor(elapsedMs));
      results.push({ ...attempt, recordedAt });
      elapsedMs += (attempt.durationUs ?? 0) / 1_000 / run.job.workers;
    }
    if (isFailed(attempts.at(-1)?.status)) failedTests.push(test);
  }
  const isFlaky = failedTests.every(({ behaviour }) => behaviour?.kind === 'FLAKY');
  return { results, durationMs: Math.ceil(elapsedMs), failedTests, isFlaky };
}

function isFailed(status: ResultRecord['status'] | undefined): boolean {
  return status === 'FAILED' || status === 'ERRORED';
}

function attemptsOf(test: DemoTest, run: TestRun, random: Random): readonly ResultRecord[] {
  const identity = {
    suite: test.suite,
    className: test.className,
    name: test.name,
    file: test.file,
  };
  if (test.behaviour?.kind === 'DISABLED') {
    const { message } = test.behaviour;
    const nothing = { durationUs: null, stackTrace: null, attempt: 1 };
    return [{ ...identity, ...nothing, status: 'SKIPPED', message }];
  }

  const attempts: ResultRecord[] = [];
  do {
    const failure = random.chance(failureRate(test, run)) ? describeFailure(test, random) : null;
    attempts.push({
      ...identity,
      status: failure?.status ?? 'PASSED',
      durationUs: durationUsOf(test, run, random),
      message: failure?.message ?? null,
      stackTrace: failure?.stackTrace ?? null,
      attempt: attempts.length + 1,
    });
  } while (isFailed(attempts.at(-1)?.status) && attempts.length <= run.job.retries);
  return attempts;
}

function failureRate(test: DemoTest, { push, startedAt, period }: TestRun): number {
  if (push.state.failing.has(test)) return 1;
  const { behaviour } = test;
  if (behaviour?.kind !== 'FLAKY') return 0;
  const { rate, sinceDaysAgo = Infinity, fromHour = 0 } = behaviour;
  const daysAgo = (period.endsAt.getTime() - startedAt.getTime()) / DAY_MS;
  return daysAgo <= sinceDaysAgo && startedAt.getUTCHours() >= fromHour ? rate : 0;
}

function durationUsOf(test: DemoTest, { startedAt, period }: TestRun, random: Random): number {
  const { startsAt, endsAt } = period;
  const progress =
    (startedAt.getTime() - startsAt.getTime()) / (endsAt.getTime() - startsAt.getTime());
  const factor = test.behaviour?.kind === 'SLOWING' ? test.behaviour.factor ** progress : 1;
  return Math.max(1, Math.round(random.logNormal(test.medianMs * factor, 0.28) * 1_000));
}
