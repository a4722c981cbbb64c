import type { DisruptorType, FlakyState, TransitionRule } from '../db/generated/prisma/enums.ts';
import { dayMs } from './time.ts';

/** How a repository judges its tests, as `flaky_settings` holds it. */
export interface Thresholds {
  readonly alarmDays: number;
  readonly alarmHalves: number;
  readonly recoverDays: number;
  readonly brokenStates: number;
  readonly fixStates: number;
  readonly statisticalPercent: number;
  readonly statisticalResults: number;
}

/** A piece of evidence: when its latest result was, and what it weighs, in halves. */
export interface Weighed {
  readonly key: string;
  readonly at: Date;
  readonly halves: number;
}

/** The failures at the end of a branch that no pass follows. */
export interface FailureStreak {
  /** When it had failed on as many code states as make it broken. */
  readonly brokenAt: Date;
  readonly lastAt: Date;
}

/** What happened since somebody claimed that a commit fixes a test. */
export interface Fix {
  readonly attemptedAt: Date;
  readonly actor: string;
  /** The first failure since; null when there is none. */
  readonly failedAt: Date | null;
  /** First clean results of code states, in the order of time, before any failure. */
  readonly cleanAts: readonly Date[];
}

/** All that decides the state of a test. */
export interface TestFacts {
  /** In the order of time. */
  readonly evidence: readonly Weighed[];
  readonly streaks: readonly FailureStreak[];
  readonly fix: Fix | null;
  /** Results of the last `alarmDays` days (UTC) that passed or failed, and those that failed. */
  readonly recent: { readonly count: number; readonly failed: number };
}

/** The state of a test, and why. */
export interface Verdict {
  readonly state: FlakyState;
  readonly since: Date | null;
  readonly disruptorType: DisruptorType | null;
  /** What leads to this state, from any other. */
  readonly rule: TransitionRule;
  readonly actor: string | null;
  readonly evidenceKey: string | null;
  /** When time alone may change it. */
  readonly recheckAt: Date | null;
}

/**
 * Judges a test. A pure function of facts, thresholds and the clock, so the order of arrival does not matter:
 *
 * - FLAKY once evidence within `alarmDays` weighs `alarmHalves`; no longer after `recoverDays` without any evidence.
 * - BROKEN while a branch ends in failures on `brokenStates` code states, the last no older than `recoverDays`.
 * - FIX_PENDING from a fix attempt until it was clean on `fixStates` code states, which makes older evidence void, or
 *   failed again, which makes the attempt void; of a healthy test for `recoverDays` at most.
 */
export function judgeTest(facts: TestFacts, thresholds: Thresholds, now: Date): Verdict {
  const { fix } = facts;
  const verifiedAt = fix === null ? null : verification(fix, thresholds);
  const valid = facts.evidence.filter(({ at }) => verifiedAt === null || at > verifiedAt);
  const flaky = weigh(valid, thresholds);
  const broken = earliest(facts.streaks.filter(({ lastAt }) => isRecent(lastAt, thresholds, now)));
  const disruptorType = disruptorOf(facts, valid, thresholds, now);
  const recheckAt = nextCheck(facts, thresholds, now);
  const held = { disruptorType, recheckAt, actor: null, evidenceKey: null };

  const isFlaky = flaky !== null && isRecent(flaky.lastAt, thresholds, now);
  const isPending = fix !== null && verifiedAt === null && fix.failedAt === null;
  // A first pass ends a streak of failures, but proves no fix.
  const isInQuestion =
    isFlaky || broken !== undefined || (isPending && isRecent(fix.attemptedAt, thresholds, now));
  if (isPending && isInQuestion) {
    return {
      ...held,
      state: 'FIX_PENDING',
      since: fix.attemptedAt,
      rule: 'FIX_ATTEMPTED',
      actor: fix.actor,
    };
  }
  if (broken !== undefined) {
    return { ...held, state: 'BROKEN', since: broken.brokenAt, rule: 'FAILS_IN_A_ROW' };
  }
  if (isFlaky) {
    return {
      ...held,
      state: 'FLAKY',
      since: flaky.since,
      rule: 'EVIDENCE',
      evidenceKey: flaky.key,
    };
  }
  if (verifiedAt !== null && flaky === null) {
    return { ...held, state: 'HEALTHY', since: verifiedAt, rule: 'FIX_VERIFIED' };
  }
  const quietAt = flaky === null ? null : after(flaky.lastAt, thresholds.recoverDays);
  return {
    ...held,
    state: 'HEALTHY',
    since: quietAt,
    rule: flaky === null ? 'EVIDENCE_WITHDRAWN' : 'QUIET',
  };
}

/** When the fix had held on enough code states; null when it has not. */
function verification({ cleanAts }: Fix, { fixStates }: Thresholds): Date | null {
  return cleanAts[fixStates - 1] ?? null;
}

interface Flaky {
  /** The evidence that tipped the scales, after the last recovery. */
  readonly key: string;
  readonly since: Date;
  readonly lastAt: Date;
}

function weigh(evidence: readonly Weighed[], thresholds: Thresholds): Flaky | null {
  const { alarmDays, alarmHalves, recoverDays } = thresholds;
  let flaky = null as Flaky | null;
  let begin = 0;
  let halves = 0;
  for (const { key, at, halves: weight } of evidence) {
    if (flaky !== null && after(flaky.lastAt, recoverDays) <= at) flaky = null;
    halves += weight;
    for (let oldest = evidence[begin]; oldest && after(oldest.at, alarmDays) <= at;) {
      halves -= oldest.halves;
      begin += 1;
      oldest = evidence[begin];
    }
    if (flaky !== null) flaky = { ...flaky, lastAt: at };
    else if (halves >= alarmHalves) flaky = { key, since: at, lastAt: at };
  }
  return flaky;
}

function disruptorOf(
  { recent }: TestFacts,
  valid: readonly Weighed[],
  { alarmDays, statisticalPercent, statisticalResults }: Thresholds,
  now: Date,
): DisruptorType | null {
  const last = valid.findLast(({ halves }) => halves > 1);
  if (last !== undefined && after(last.at, alarmDays) > now) return 'FLAKY';
  const isOften = recent.failed * 100 >= recent.count * statisticalPercent;
  return recent.count >= statisticalResults && isOften ? 'STATISTICAL' : null;
}

/** The next instant at which something leaves a window; failures of days are looked at every midnight anyway. */
function nextCheck(
  { evidence, streaks, fix }: TestFacts,
  thresholds: Thresholds,
  now: Date,
): Date | null {
  const last = evidence.at(-1);
  const lastProof = evidence.findLast(({ halves }) => halves > 1);
  const moments = [
    ...(last ? [after(last.at, thresholds.recoverDays)] : []),
    ...(lastProof ? [after(lastProof.at, thresholds.alarmDays)] : []),
    ...streaks.map(({ lastAt }) => after(lastAt, thresholds.recoverDays)),
    ...(fix ? [after(fix.attemptedAt, thresholds.recoverDays)] : []),
  ].filter((moment) => moment > now);
  return moments.sort((one, other) => one.getTime() - other.getTime())[0] ?? null;
}

function earliest(streaks: readonly FailureStreak[]): FailureStreak | undefined {
  return [...streaks].sort((one, other) => one.brokenAt.getTime() - other.brokenAt.getTime())[0];
}

function isRecent(at: Date, { recoverDays }: Thresholds, now: Date): boolean {
  return after(at, recoverDays) > now;
}

function after(at: Date, days: number): Date {
  return new Date(at.getTime() + days * dayMs);
}
