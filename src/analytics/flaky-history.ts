import { isCertain } from '../db/outcome-rules.ts';
import { sql } from '../db/sql.ts';
import type { Derivation } from './page-request.ts';

/** What became of one test on one day (UTC), as JSON. */
export interface FlakyDay {
  /** `2026-05-17`. */
  readonly day: string;
  readonly passedCount: number;
  readonly failedCount: number;
  readonly skippedCount: number;
  readonly otherCount: number;
  readonly disruptionCount: number;
}

/** Each of the last `days` days (UTC) of a test, today included and last, without gaps: a scalar subquery. */
export function flakyHistory(days: number): Derivation {
  return (organizationId, testCaseId) => {
    const own = sql`organization_id = ${organizationId}::uuid`;
    return sql`(SELECT json_agg(json_build_object('day', dates.day::text, 'passedCount', coalesce(d.passed, 0),
        'failedCount', coalesce(d.failed + d.errored, 0), 'skippedCount', coalesce(d.skipped, 0),
        'otherCount', coalesce(d.other, 0), 'disruptionCount', coalesce(x.count, 0)) ORDER BY dates.day)
      FROM (SELECT (now() AT TIME ZONE 'UTC')::date - back AS day FROM generate_series(0, ${days - 1}::int) back) dates
      LEFT JOIN test_days d ON d.${own} AND d.test_case_id = ${testCaseId} AND d.day = dates.day
      LEFT JOIN (SELECT (o.recorded_at AT TIME ZONE 'UTC')::date AS day, count(*) FROM disruptions o
        WHERE o.${own} AND o.test_case_id = ${testCaseId} AND ${isCertain('o')}
          AND o.recorded_at >= date_trunc('day', now(), 'UTC') - ${days - 1}::int * interval '24 hours'
        GROUP BY 1) x ON x.day = dates.day)`;
  };
}
