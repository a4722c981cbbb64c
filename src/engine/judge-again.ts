import { query, type Sql, sql } from '../db/sql.ts';
import { defaultFlakySettings } from '../domain/flaky-settings.ts';
import { type Engine, inAnalytics, judgeAndTell } from './run-pass.ts';

const mostAtOnce = 1_000;

/** Judges the tests whose state time alone may have changed: evidence and breaks age. */
export async function judgeDueTests(engine: Engine): Promise<void> {
  const due = sql`SELECT organization_id, test_case_id FROM flaky_tests
    WHERE recheck_at <= ${engine.now()}::timestamptz`;
  await judgeAll(engine, due);
}

/** Judges, once a day, all tests that failed lately: days have left the windows that they are judged over. */
export async function judgeRecentFailures(engine: Engine): Promise<void> {
  const { alarmDays, recoverDays } = defaultFlakySettings;
  const longest = sql`greatest(${alarmDays}::int, ${recoverDays}::int,
    (SELECT max(greatest(alarm_days, recover_days)) FROM flaky_settings s WHERE s.organization_id = o.id))`;
  const recent = sql`SELECT d.organization_id, d.test_case_id FROM organizations o JOIN test_days d
      ON d.organization_id = o.id AND d.day >= (${engine.now()}::timestamptz AT TIME ZONE 'UTC')::date - 1 - ${longest}
    WHERE d.failed + d.errored > 0
    UNION SELECT organization_id, test_case_id FROM flaky_tests WHERE disruptor_type IS NOT NULL`;
  await judgeAll(engine, recent);
}

/** @param tests a select of `organization_id` and `test_case_id` */
async function judgeAll(engine: Engine, tests: Sql): Promise<void> {
  const parts = await query<{ organizationId: string; testCaseIds: readonly string[] }>(
    engine.db.pool,
    sql`SELECT organization_id AS "organizationId", array_agg(test_case_id ORDER BY test_case_id) AS "testCaseIds"
      FROM (SELECT *, (row_number() OVER (PARTITION BY organization_id ORDER BY test_case_id) - 1) / ${mostAtOnce} AS part
        FROM (SELECT DISTINCT organization_id, test_case_id FROM (${tests}) asked) each) numbered
      GROUP BY organization_id, part`,
  );
  for (const { organizationId, testCaseIds } of parts) {
    await inAnalytics(engine, organizationId, (tx) =>
      judgeAndTell(tx, engine, organizationId, testCaseIds),
    );
  }
}
