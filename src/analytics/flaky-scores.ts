import { isBroken, isCertain } from '../db/outcome-rules.ts';
import { type Sql, sql, verbatim } from '../db/sql.ts';
import { prior } from '../domain/flake-probability.ts';
import type { ScoreWindow } from '../domain/score-window.ts';
import type { Derivation } from './page-request.ts';
import {
  countsOf,
  type CountedTest,
  inWindow,
  totalsOf,
  windowFrom,
  windowTo,
} from './test-days.ts';

/** What is counted of one test in a window, as JSON: times are ISO 8601. */
export interface FlakyCounts {
  readonly from: string;
  readonly to: string;
  readonly passedCount: number;
  readonly failedCount: number;
  readonly otherCount: number;
  readonly transitionCount: number;
  readonly disruptionCount: number;
  readonly firstDisruptionAt: string | null;
  readonly lastDisruptionAt: string | null;
  readonly resultTimeUs: number;
  readonly buildsBroken: number;
  readonly buildTimeMs: number;
}

/** Disruptions of a test in the window, as `x`. What a sandwich shows counts for the state alone. */
function disruptionsOf({ organizationId, testCaseId }: CountedTest, window: ScoreWindow): Sql {
  return sql`FROM disruptions x WHERE x.organization_id = ${organizationId} AND x.test_case_id = ${testCaseId}
    AND ${inWindow(sql`x.recorded_at`, window)} AND ${isCertain('x')}`;
}

/** Failed builds in which the test had a disruption, and its share of their time: a subquery of one row. */
function buildsOf(test: CountedTest, window: ScoreWindow): Sql {
  const { organizationId } = test;
  return sql`(SELECT count(*) AS broken, coalesce(sum(b.duration_ms::float8 / tests.count), 0) AS duration_ms
    FROM (SELECT DISTINCT x.build_id ${disruptionsOf(test, window)}) disrupted
    JOIN builds b ON b.organization_id = ${organizationId} AND b.id = disrupted.build_id
      AND ${isBroken('b')}
    CROSS JOIN LATERAL (SELECT count(DISTINCT o.test_case_id) FROM disruptions o
      WHERE o.organization_id = ${organizationId} AND o.build_id = b.id AND ${isCertain('o')}) tests)`;
}

/** What is counted of a test in the window, a scalar subquery that gives `FlakyCounts`. */
export function flakyCounts(window: ScoreWindow): Derivation {
  return (organizationId, testCaseId) => {
    const test = { organizationId: sql`${organizationId}::uuid`, testCaseId };
    return sql`(SELECT json_build_object('from', ${windowFrom(window)}, 'to', ${windowTo(window)},
        'passedCount', r.passed, 'failedCount', r.failed, 'otherCount', r.other, 'transitionCount', r.transitions,
        'disruptionCount', d.count, 'firstDisruptionAt', d.first_at, 'lastDisruptionAt', d.last_at,
        'resultTimeUs', r.duration_us, 'buildsBroken', b.broken, 'buildTimeMs', b.duration_ms)
      FROM ${totalsOf(test, window)} r,
        (SELECT count(*), min(x.recorded_at) AS first_at, max(x.recorded_at) AS last_at ${disruptionsOf(test, window)}) d,
        ${buildsOf(test, window)} b)`;
  };
}

/** Orders by what is counted in a window. */
export type ScoreOrder =
  | 'DISRUPTIVENESS'
  | 'FLIP_RATE'
  | 'FAILURE_RATE'
  | 'FLAKE_PROBABILITY'
  | 'DISRUPTION_COUNT'
  | 'RESULT_TIME'
  | 'TIME_LOST'
  | 'BUILDS_BROKEN';

/** The test of a row `t`. */
const ofRow: CountedTest = {
  organizationId: sql`t.organization_id`,
  testCaseId: sql`t.test_case_id`,
};

const priorRuns = {
  failed: verbatim(String(prior.failures)),
  all: verbatim(String(prior.failures + prior.passes)),
} as const;

/**
 * What rows `t` of flaky tests are sorted by, whole numbers: shares in millionths of a millionth, which keep apart what
 * differs in up to a million results, and -1 where there is none.
 */
export function scoreKey(order: ScoreOrder, window: ScoreWindow): Sql {
  const disruptions = sql`(SELECT count(*) ${disruptionsOf(ofRow, window)})`;
  const ofResults = (value: Sql): Sql => sql`(SELECT ${value} FROM ${countsOf(ofRow, window)} r)`;
  const share = (part: Sql, whole: Sql): Sql =>
    sql`coalesce(trunc(1000000000000 * (${part})::numeric / nullif((${whole})::numeric, 0)), -1)::bigint`;
  switch (order) {
    case 'DISRUPTIVENESS':
      return ofResults(share(disruptions, sql`r.passed + r.failed`));
    case 'FLIP_RATE':
      return sql`(SELECT ${share(sql`r.transitions`, sql`greatest(r.passed + r.failed - 1, 0)`)}
        FROM ${totalsOf(ofRow, window)} r)`;
    case 'FAILURE_RATE':
      return ofResults(share(sql`r.failed`, sql`r.passed + r.failed`));
    case 'FLAKE_PROBABILITY': {
      const mean = share(
        sql`d.count + ${priorRuns.failed}`,
        sql`d.count + ${priorRuns.all} + r.passed`,
      );
      return ofResults(sql`(SELECT ${mean} FROM (SELECT ${disruptions} AS count) d)`);
    }
    case 'DISRUPTION_COUNT':
      return disruptions;
    case 'RESULT_TIME':
      return ofResults(sql`r.duration_us::bigint`);
    case 'TIME_LOST':
      return sql`(SELECT trunc(b.duration_ms * 1000)::bigint FROM ${buildsOf(ofRow, window)} b)`;
    case 'BUILDS_BROKEN':
      return sql`(SELECT b.broken FROM ${buildsOf(ofRow, window)} b)`;
  }
}
