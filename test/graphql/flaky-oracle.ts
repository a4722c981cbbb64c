import { buildMs, byBuild, isFailed, type Run } from './flaky-history.ts';

export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** Scores of one test as the schema's descriptions define them, worked out of all results. */
export interface Scores {
  readonly disruptiveness: number | null;
  readonly flipRate: number | null;
  readonly failureRate: number | null;
  readonly disruptionCount: number;
  readonly resultCount: number;
  readonly transitionCount: number;
  readonly resultTimeMs: number;
  readonly buildTimeMs: number;
  readonly buildsBroken: number;
  readonly flakeProbability: { readonly mean: number };
}

/** What the scores of a test in a window must be. */
export function scoresOf(history: readonly Run[], name: string, window: Window): Scores {
  const own = inWindow(history, window).filter((run) => run.name === name);
  const counted = own.filter(isCounted);
  const failed = counted.filter(({ status }) => status === 'FAILED').length;
  const flips = counted.filter((run, index) => {
    const before = counted[index - 1];
    return before !== undefined && before.status !== run.status;
  }).length;
  const disrupted = counted.filter((run) => isDisruption(history, run));
  const broken = [...byBuild(history).values()].filter(
    (runs) => isFailed(runs) && disrupted.some(({ build }) => build === runs[0]?.build),
  );
  const passed = counted.length - failed;
  return {
    disruptiveness: ratio(disrupted.length, counted.length),
    flipRate: ratio(flips, Math.max(0, counted.length - 1)),
    failureRate: ratio(failed, counted.length),
    disruptionCount: disrupted.length,
    resultCount: counted.length,
    transitionCount: flips,
    resultTimeMs: counted.reduce((sum, { durationUs }) => sum + durationUs, 0) / 1000,
    buildTimeMs: broken.reduce((sum, runs) => sum + shareOf(history, runs), 0),
    buildsBroken: broken.length,
    flakeProbability: { mean: (0.5 + disrupted.length) / (50 + disrupted.length + passed) },
  };
}

function inWindow(history: readonly Run[], { from, to }: Window): Run[] {
  return history.filter(({ recordedAt }) => recordedAt >= from && recordedAt < to);
}

function isCounted({ status }: Run): boolean {
  return status !== 'SKIPPED';
}

function isDisruption(history: readonly Run[], run: Run): boolean {
  return (
    run.status === 'FAILED' &&
    history.some(
      ({ name, tree, status }) => name === run.name && tree === run.tree && status === 'PASSED',
    )
  );
}

/** The run time of a build, shared among the tests that disrupted it. */
function shareOf(history: readonly Run[], runs: readonly Run[]): number {
  const tests = new Set(runs.filter((run) => isDisruption(history, run)).map(({ name }) => name));
  return buildMs(runs[0]?.build ?? 0) / tests.size;
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
