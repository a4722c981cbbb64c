import type { Thresholds } from '../../src/domain/flaky-state.ts';

/** One result, with all that was ever said of it. */
export interface Fact {
  readonly test: string;
  readonly suite: string;
  readonly build: string;
  readonly branch: string | null;
  readonly codeState: string | null;
  readonly isCancelled: boolean;
  /** Somebody said that it is no evidence. */
  readonly isExcluded: boolean;
  /** From 1, over all results of the run. */
  readonly attempt: number;
  readonly status: 'PASSED' | 'FAILED' | 'ERRORED' | 'SKIPPED';
  /** Attempts of one run may have the same; then they are in the order of their attempts. */
  readonly at: number;
}

export interface OracleSettings extends Thresholds {
  readonly outagePercent: number;
  readonly outageTests: number;
}

type Guard = 'EXCLUDED' | 'CANCELLED_BUILD' | 'INFRASTRUCTURE_OUTAGE' | null;
type Counted = Fact & { readonly guard: Guard };

const dayMs = 86_400_000;
const day = (at: number): number => Math.floor(at / dayMs);
const iso = (at: number): string => new Date(at).toISOString();
const passed = ({ status }: Fact): boolean => status === 'PASSED';
const failed = ({ status }: Fact): boolean => status === 'FAILED' || status === 'ERRORED';

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** Suites of which nearly all failed in one build, as the definitions say, at leisure. */
export function outagesOf(facts: readonly Fact[], { outagePercent, outageTests }: OracleSettings) {
  const told = facts.filter((fact) => passed(fact) || failed(fact));
  return [...groupBy(told, ({ build, suite }) => `${build} ${suite}`).values()].flatMap((own) => {
    const [{ build, suite } = { build: '', suite: '' }] = own;
    const tests = [...groupBy(own, ({ test }) => test).values()];
    const failing = tests.filter((results) => results.some(failed)).length;
    if (tests.length < outageTests || failing * 100 <= tests.length * outagePercent) return [];
    const began = day(Math.min(...own.map(({ at }) => at)));
    const others = told.filter(
      (fact) =>
        fact.suite === suite && fact.build !== build && Math.abs(day(fact.at) - began) <= 14,
    );
    // Own results outside of these days are subtracted too, as they are small in number: see the definition.
    const strays = own.filter(({ at }) => Math.abs(day(at) - began) > 14);
    const passes = others.filter(passed).length - strays.filter(passed).length;
    const fails = others.filter(failed).length - strays.filter(failed).length;
    return [{ build, suite, failing, tests: tests.length, isOutage: passes > fails }];
  });
}

function guarded(facts: readonly Fact[], settings: OracleSettings): Counted[] {
  const outages = outagesOf(facts, settings).filter(({ isOutage }) => isOutage);
  return facts.map((fact) => {
    const isOut = outages.some(({ build, suite }) => build === fact.build && suite === fact.suite);
    if (fact.isExcluded) return { ...fact, guard: 'EXCLUDED' };
    if (!failed(fact)) return { ...fact, guard: null };
    if (fact.isCancelled) return { ...fact, guard: 'CANCELLED_BUILD' };
    return { ...fact, guard: isOut ? 'INFRASTRUCTURE_OUTAGE' : null };
  });
}

interface Evidence {
  readonly test: string;
  readonly key: string;
  readonly kind: string;
  readonly passed: number;
  readonly failed: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly lastFailedAt: string;
}

/** What shows that tests are flaky. */
export function evidenceOf(all: readonly Fact[], settings: OracleSettings): Evidence[] {
  const facts = guarded(all, settings).filter((fact) => passed(fact) || failed(fact));
  const counts = facts.filter(({ guard }) => guard === null);
  const keyOf = ({ codeState, build }: Fact): string => codeState ?? `run ${build}`;
  return [...groupBy(counts, (fact) => `${fact.test} ${keyOf(fact)}`).values()].flatMap((state) => {
    const [first] = state;
    if (first === undefined) return [];
    const times = state.map(({ at }) => at);
    const base = {
      test: first.test,
      key: keyOf(first),
      passed: state.filter(passed).length,
      failed: state.filter(failed).length,
      firstAt: iso(Math.min(...times)),
      lastAt: iso(Math.max(...times)),
      lastFailedAt: '',
    };
    if (base.failed === 0) return [];
    base.lastFailedAt = iso(Math.max(...state.filter(failed).map(({ at }) => at)));
    if (base.passed > 0 && base.failed > 0) {
      const runs = [...groupBy(state, ({ build }) => build).values()];
      const isRetry = runs.some((run) => run.some(passed) && run.some(failed));
      return [{ ...base, kind: isRetry ? 'IN_RUN_RETRY' : 'SAME_CODE_STATE' }];
    }
    return isSandwich(state, counts) ? [{ ...base, kind: 'SANDWICH' }] : [];
  });
}

function isSandwich(state: readonly Fact[], counts: readonly Fact[]): boolean {
  const [only, ...others] = state;
  if (only === undefined || others.length > 0 || passed(only)) return false;
  if (only.codeState === null || only.branch !== 'main') return false;
  const line = counts
    .filter((fact) => fact.test === only.test && fact.branch === 'main' && fact.codeState !== null)
    .sort((one, other) => one.at - other.at);
  const place = line.indexOf(only);
  const isNear = (fact: Fact | undefined): boolean =>
    fact !== undefined && passed(fact) && Math.abs(fact.at - only.at) <= 14 * dayMs;
  return isNear(line[place - 1]) && isNear(line[place + 1]);
}

/** Failures that evidence proves to be no fault of the code. */
export function disruptionsOf(all: readonly Fact[], settings: OracleSettings): string[] {
  const states = new Set(evidenceOf(all, settings).map(({ test, key }) => `${test} ${key}`));
  return guarded(all, settings)
    .filter((fact) => failed(fact) && fact.guard === null)
    .filter(({ test, codeState, build }) => states.has(`${test} ${codeState ?? `run ${build}`}`))
    .map(({ test, at }) => `${test} ${iso(at)}`)
    .sort();
}

/** The states of tests that are not simply healthy, and of those with evidence. */
export function statesOf(all: readonly Fact[], settings: OracleSettings, now: number) {
  const evidence = evidenceOf(all, settings);
  const facts = guarded(all, settings);
  return [...new Set(all.map(({ test }) => test))].sort().flatMap((test) => {
    const own = evidence.filter((piece) => piece.test === test);
    const isBroken = breaks(
      facts.filter((fact) => fact.test === test),
      settings,
      now,
    );
    const flaky = isFlaky(own, settings, now);
    const state = isBroken ? 'BROKEN' : flaky ? 'FLAKY' : 'HEALTHY';
    const disruptor = disruptorOf(
      own,
      facts.filter((fact) => fact.test === test),
      settings,
      now,
    );
    if (own.length === 0 && state === 'HEALTHY' && disruptor === null) return [];
    return [{ test, state, disruptor, count: own.length }];
  });
}

function isFlaky(own: readonly Evidence[], settings: OracleSettings, now: number): boolean {
  const line = own
    .map(({ kind, lastFailedAt }) => ({
      at: Date.parse(lastFailedAt),
      halves: kind === 'SANDWICH' ? 1 : 2,
    }))
    .sort((one, other) => one.at - other.at);
  let alarmed = false;
  let last = Number.NEGATIVE_INFINITY;
  for (const { at } of line) {
    if (at - last >= settings.recoverDays * dayMs) alarmed = false;
    const window = line.filter(
      (each) => each.at <= at && each.at > at - settings.alarmDays * dayMs,
    );
    const weight = window.reduce((sum, { halves }) => sum + halves, 0);
    // Pieces of one instant count one after the other; with the last of them the window is full.
    if (weight >= settings.alarmHalves) alarmed = true;
    last = at;
  }
  return alarmed && now - last < settings.recoverDays * dayMs;
}

function breaks(own: readonly Counted[], settings: OracleSettings, now: number): boolean {
  const counting = own.filter(({ branch, guard }) => branch !== null && guard === null);
  return [...groupBy(counting, ({ branch }) => branch ?? '').values()].some((each) => {
    const line = [...each].sort((one, other) => one.at - other.at);
    // A pass counts whether or not its code is known.
    const tail = line
      .slice(line.findLastIndex(passed) + 1)
      .filter((fact) => failed(fact) && fact.codeState !== null)
      .filter(({ at }) => at > now - settings.recoverDays * dayMs);
    return new Set(tail.map(({ codeState }) => codeState)).size >= settings.brokenStates;
  });
}

function disruptorOf(
  evidence: readonly Evidence[],
  own: readonly Counted[],
  settings: OracleSettings,
  now: number,
): string | null {
  const proofs = evidence.filter(({ kind }) => kind !== 'SANDWICH');
  const last = Math.max(0, ...proofs.map(({ lastFailedAt }) => Date.parse(lastFailedAt)));
  if (now - last < settings.alarmDays * dayMs) return 'FLAKY';
  const told = own.filter(
    (fact) =>
      (passed(fact) || failed(fact)) &&
      fact.guard === null &&
      day(fact.at) > day(now) - settings.alarmDays &&
      day(fact.at) <= day(now),
  );
  const isOften = told.filter(failed).length * 100 >= told.length * settings.statisticalPercent;
  return told.length >= settings.statisticalResults && isOften ? 'STATISTICAL' : null;
}

/** Results of each test and day, counted. */
export function daysOf(all: readonly Fact[]) {
  const days = [...groupBy(all, ({ test, at }) => `${test} ${iso(at).slice(0, 10)}`).entries()];
  return days
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, results]) => {
      const line = results
        .filter((fact) => passed(fact) || failed(fact))
        .sort((one, other) => one.at - other.at);
      const hasFailures = line.some(failed);
      const count = (status: string): number =>
        results.filter((each) => each.status === status).length;
      return {
        key,
        passed: count('PASSED'),
        failed: count('FAILED'),
        errored: count('ERRORED'),
        skipped: count('SKIPPED'),
        transitions: line.filter((each, index) => {
          const before = line[index - 1];
          return before !== undefined && passed(before) !== passed(each);
        }).length,
        firstPassed: hasFailures ? line.slice(0, 1).some(passed) : null,
        lastPassed: hasFailures ? line.slice(-1).some(passed) : null,
      };
    });
}
