import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createHistory, demoProjects } from '../../src/demo/history.ts';
import type { DemoBuild, ResultRecord } from '../../src/demo/records.ts';

const DAY_MS = 86_400_000;
const endsAt = new Date('2026-03-18T15:00:00Z');
const history = createHistory({ endsAt, days: 60, builds: 1_500 });

function count<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}

function digest(builds: readonly DemoBuild[]): string {
  return createHash('sha256').update(JSON.stringify(builds)).digest('hex');
}

function nameOf(build: DemoBuild, { suite, className, name }: ResultRecord): string {
  return [build.build.repository.name, suite, className, name].join(' / ');
}

/** Trees in which each test both passed and failed. */
function evidenceOf(builds: readonly DemoBuild[]): Map<string, number> {
  const outcomes = new Map<string, Map<string, Set<string>>>();
  for (const build of builds) {
    for (const result of build.results) {
      const test = nameOf(build, result);
      const trees = outcomes.get(test) ?? new Map<string, Set<string>>();
      const seen = trees.get(build.build.treeSha) ?? new Set<string>();
      seen.add(result.status === 'ERRORED' ? 'FAILED' : result.status);
      outcomes.set(test, trees.set(build.build.treeSha, seen));
    }
  }
  return new Map(
    [...outcomes].map(([test, trees]) => [
      test,
      [...trees.values()].filter((seen) => seen.has('PASSED') && seen.has('FAILED')).length,
    ]),
  );
}

describe('the demo history', () => {
  test('is the same for the same end, and another for another', () => {
    expect(digest(createHistory({ endsAt, days: 60, builds: 1_500 }))).toBe(digest(history));
    const later = new Date(endsAt.getTime() + DAY_MS);
    expect(digest(createHistory({ endsAt: later, days: 60, builds: 1_500 }))).not.toBe(
      digest(history),
    );
  });

  test('has 1,500 builds of 12 jobs in 3 repositories, in the 60 days before its end', () => {
    const jobs = count(history, ({ build }) => `${build.repository.name}/${build.jobName}`);
    const times = history.map(({ build }) => build.startedAt.getTime());

    expect(history).toHaveLength(1_500);
    expect(new Set(history.map(({ build }) => build.id)).size).toBe(1_500);
    expect(jobs.size).toBe(12);
    expect(new Set(history.map(({ build }) => build.repository.name)).size).toBe(3);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(endsAt.getTime() - 60 * DAY_MS);
    expect(times[0]).toBeLessThan(endsAt.getTime() - 55 * DAY_MS);
    expect(times.at(-1)).toBeGreaterThan(endsAt.getTime() - DAY_MS);
  });

  test('has 400 test cases, all of which ran', () => {
    const ran = new Set(history.flatMap((build) => build.results.map((r) => nameOf(build, r))));
    const defined = demoProjects.flatMap(({ jobs }) => jobs.flatMap(({ tests }) => tests));

    expect(defined).toHaveLength(400);
    expect(ran.size).toBe(400);
  });

  test('has every status, retries, pull requests, and 3 to 6 stages a build', () => {
    const statuses = count(history, ({ build }) => build.status);
    const causes = count(history, ({ build }) => build.cause);
    const stages = history.map((build) => build.stages.length);

    expect([...statuses.keys()].sort()).toEqual([
      'ABORTED',
      'FAILURE',
      'NOT_BUILT',
      'SUCCESS',
      'UNSTABLE',
    ]);
    expect(Math.min(...statuses.values())).toBeGreaterThanOrEqual(10);
    expect([...causes.keys()].sort()).toEqual(['pull_request', 'push', 'schedule']);
    expect(history.filter(({ build }) => build.attempt > 1).length).toBeGreaterThan(30);
    expect([Math.min(...stages), Math.max(...stages)]).toEqual([3, 6]);
  });

  test('finds exactly the tests flaky that are made so, with evidence for each', () => {
    const found = [...evidenceOf(history)].filter(([, trees]) => trees > 0);
    const flaky = demoProjects
      .flatMap(({ jobs }) => jobs.flatMap(({ tests }) => tests))
      .filter(({ behaviour }) => behaviour?.kind === 'FLAKY');

    expect(found.map(([name]) => name.replace(/^.* \/ /, '')).sort()).toEqual(
      flaky.map(({ name }) => name).sort(),
    );
    expect(Math.min(...found.map(([, trees]) => trees))).toBeGreaterThanOrEqual(3);
  });

  test('has one test that passes on main until a commit and never again', () => {
    const outcomes = history
      .filter(({ build }) => build.branch === 'main')
      .flatMap(({ results }) => results.filter(({ name }) => name === 'rendersGermanVat'))
      .map(({ status }) => status);
    const broken = outcomes.indexOf('FAILED');

    expect(broken).toBeGreaterThan(20);
    expect(new Set(outcomes.slice(0, broken))).toEqual(new Set(['PASSED']));
    expect(new Set(outcomes.slice(broken))).toEqual(new Set(['FAILED']));
    expect(outcomes.length - broken).toBeGreaterThan(5);
  });

  test('has one test that takes several times as long at the end', () => {
    const durations = history.flatMap(({ results }) =>
      results.flatMap(({ name, durationUs }) =>
        name === 'aggregatesMonthlyBatches' ? (durationUs ?? []) : [],
      ),
    );
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

    expect(mean(durations.slice(-20))).toBeGreaterThan(3 * mean(durations.slice(0, 20)));
  });

  test('has a test on main that became slower from one month to the next, with enough runs to tell', () => {
    const monthMs = 30 * 86_400_000;
    const runs = history
      .filter(({ build }) => build.branch === 'main')
      .flatMap(({ results }) => results.filter(({ name }) => name === 'vatRates'));
    const end = Math.max(...runs.map(({ recordedAt }) => recordedAt?.getTime() ?? 0));
    const [later, earlier] = [0, monthMs].map((ago) =>
      runs.filter(({ recordedAt }) => {
        const age = end - (recordedAt?.getTime() ?? 0) - ago;
        return age >= 0 && age < monthMs;
      }),
    );
    const mean = (of: typeof runs = []) =>
      of.reduce((sum, { durationUs }) => sum + (durationUs ?? 0), 0) / of.length;

    expect(Math.min(later?.length ?? 0, earlier?.length ?? 0)).toBeGreaterThanOrEqual(20);
    expect(mean(later)).toBeGreaterThan(1.4 * mean(earlier));
  });

  test('rests at weekends', () => {
    const days = count(history, ({ build }) => String(build.startedAt.getUTCDay()));

    const weekend = (days.get('0') ?? 0) + (days.get('6') ?? 0);

    expect(weekend).toBeLessThan(history.length / 8);
  });

  test('keeps a build inside its stages', () => {
    for (const { build, stages } of history) {
      const ran = stages.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
      expect(ran).toBe(build.durationMs);
    }
  });
});
