import { hasOutcome } from './outcome-rules.ts';
import { type Sql, sql } from './sql.ts';

/** Midnights (UTC) as expressions: `from` belongs to it, `to` no longer does. */
export interface CountedSpan {
  readonly organizationId: string;
  readonly testCaseId: Sql;
  readonly from: Sql;
  readonly to: Sql;
}

/**
 * How many results of a test passed or failed, those under a guard left out: a select of `day`, `results` and
 * `failures`, with rows to be added up, since guarded results are taken off again.
 */
export function countedDays({ organizationId, testCaseId, from, to }: CountedSpan): Sql {
  return sql`SELECT d.day, d.passed + d.failed + d.errored AS results, d.failed + d.errored AS failures FROM test_days d
    WHERE d.organization_id = ${organizationId}::uuid AND d.test_case_id = ${testCaseId}
      AND d.day >= (${from} AT TIME ZONE 'UTC')::date AND d.day < (${to} AT TIME ZONE 'UTC')::date
    UNION ALL SELECT (g.recorded_at AT TIME ZONE 'UTC')::date, -1, CASE WHEN g.status = 'PASSED' THEN 0 ELSE -1 END
    FROM test_results g WHERE g.organization_id = ${organizationId}::uuid AND g.test_case_id = ${testCaseId}
      AND g.guard IS NOT NULL AND ${hasOutcome('g')}
      AND g.recorded_at >= ${from} AND g.recorded_at < ${to}`;
}
