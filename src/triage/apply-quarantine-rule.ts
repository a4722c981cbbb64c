import type { Quarantine } from '../db/generated/prisma/client.ts';
import { countedDays } from '../db/counted-days.ts';
import { hasFailed, isCertain } from '../db/outcome-rules.ts';
import { type Queryable, query, type Sql, sql } from '../db/sql.ts';
import { quarantineRule } from '../domain/quarantine-rule.ts';
import { endExpired, quarantinesOf } from './end-quarantines.ts';
import { holdQuarantines, type QuarantineStep, recordQuarantines } from './record-quarantines.ts';

/** The tests to look at, and what time it is. */
export interface RuleQuestion {
  readonly organizationId: string;
  readonly testCaseIds: readonly string[];
  readonly now: Date;
}

interface Found {
  readonly testCaseId: string;
  readonly repositoryId: string;
  /** Why the test goes into quarantine; null when it leaves it. */
  readonly reason: string | null;
}

/**
 * Puts tests that disrupt builds too often into quarantine (MUTE), and ends what it began once the rule no longer
 * holds and the test has been clean for a week, or the rule is off. What a person decided stays: a test that somebody
 * took out comes back only after a disruption that is younger. For tests that were judged anew; in any order, any
 * number of times (Contract: buildpulse.md 6, "Quarantine").
 */
export async function applyQuarantineRule(tx: Queryable, question: RuleQuestion): Promise<void> {
  const { organizationId, testCaseIds, now } = question;
  if (testCaseIds.length === 0) return;
  const candidates = await changesDue(tx, question);
  if (candidates.length === 0) return;

  await holdQuarantines(tx, organizationId, [
    ...new Set(candidates.map(({ repositoryId }) => repositoryId)),
  ]);
  const ids = candidates.map(({ testCaseId }) => testCaseId);
  await endExpired(tx, organizationId, { testCaseIds: ids, now });
  // Once more: until the repositories were held, a person may have decided.
  const due = await changesDue(tx, { ...question, testCaseIds: ids });
  const known = await quarantinesOf(tx, organizationId, ids);
  const steps = due.map((found) => toStep(found, known, question));
  await recordQuarantines(tx, organizationId, { steps, now });
}

function toStep(
  { testCaseId, repositoryId, reason }: Found,
  known: readonly Quarantine[],
  { organizationId, now }: RuleQuestion,
): QuarantineStep {
  const before = known.find((one) => one.testCaseId === testCaseId) ?? null;
  if (reason === null) return { change: 'REMOVED', actor: null, before, after: null };

  const after = {
    organizationId,
    testCaseId,
    repositoryId,
    mode: 'MUTE',
    isAutomatic: true,
    reason,
    owner: null,
    actor: null,
    since: now,
    expiresAt: null,
  } as const;
  return { change: 'CREATED', actor: null, before, after };
}

/** Tests that are to go into quarantine or to leave it. */
async function changesDue(
  tx: Queryable,
  { organizationId, testCaseIds, now }: RuleQuestion,
): Promise<Found[]> {
  const { leastResults } = quarantineRule;
  return query<Found>(
    tx,
    sql`WITH counted AS (${countsOf(organizationId, testCaseIds, now)}),
      judged AS (
        SELECT *, CASE WHEN is_statistical THEN failures ELSE disruptions END AS bad,
          greatest(disrupted_at, CASE WHEN is_statistical THEN failed_day END) AS bad_at,
          coalesce(results >= ${leastResults}::int
            AND CASE WHEN is_statistical THEN failures ELSE disruptions END * 100 > percent * results, false) AS holds
        FROM counted)
      SELECT j.id AS "testCaseId", j.repository_id AS "repositoryId",
        CASE WHEN holds THEN bad || CASE WHEN is_statistical THEN ' failures' ELSE ' disruptions' END
          || ' in ' || results || ' results: over ' || percent || ' %' END AS reason
      FROM judged j LEFT JOIN quarantines q ON q.organization_id = ${organizationId}::uuid AND q.test_case_id = j.id
        AND (q.expires_at IS NULL OR q.expires_at > ${now}::timestamptz)
      WHERE CASE WHEN holds THEN q.mode IS NULL AND ${wasNotReleased(organizationId)}
        ELSE q.is_automatic AND (percent IS NULL OR ${isClean(now)}) END
      ORDER BY j.id`,
  );
}

/** Results of the counted days and disruptions of the same days, by test. */
function countsOf(organizationId: string, testCaseIds: readonly string[], now: Date): Sql {
  const midnight = sql`date_trunc('day', ${now}::timestamptz, 'UTC')`;
  const from = sql`(${midnight} - make_interval(hours => 24 * ${quarantineRule.countedDays - 1}::int))`;
  const to = sql`(${midnight} + interval '24 hours')`;
  return sql`SELECT c.id, c.repository_id, s.quarantine_percent AS percent,
      coalesce(f.disruptor_type = 'STATISTICAL', false) AS is_statistical, d.*, n.*
    FROM test_cases c
    LEFT JOIN flaky_settings s ON s.organization_id = c.organization_id AND s.repository_id = c.repository_id
    LEFT JOIN flaky_tests f ON f.organization_id = c.organization_id AND f.test_case_id = c.id
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(results), 0) AS results, coalesce(sum(failures), 0) AS failures,
        max(day) FILTER (WHERE failures > 0)::timestamp AT TIME ZONE 'UTC' AS failed_day
      FROM (SELECT day, sum(results) AS results, sum(failures) AS failures
        FROM (${countedDays({ organizationId, testCaseId: sql`c.id`, from, to })}) told GROUP BY day) days) d
    CROSS JOIN LATERAL (
      SELECT count(*) AS disruptions, max(recorded_at) AS disrupted_at
      FROM disruptions t WHERE t.organization_id = ${organizationId}::uuid AND t.test_case_id = c.id
        AND ${isCertain('t')} AND t.recorded_at >= ${from}) n
    WHERE c.organization_id = ${organizationId}::uuid AND c.id = ANY (${testCaseIds}::text[])
      AND (s.quarantine_percent IS NOT NULL OR EXISTS (SELECT FROM quarantines a
        WHERE a.organization_id = ${organizationId}::uuid AND a.test_case_id = c.id AND a.is_automatic))`;
}

/** No disruption for a week; of a statistical disruptor, no failure on a day of it. */
function isClean(now: Date): Sql {
  return sql`(bad_at IS NULL
    OR bad_at <= ${now}::timestamptz - make_interval(days => ${quarantineRule.cleanDays}::int))`;
}

/** Nobody took the test out, or it disrupted a build after that; a statistical disruptor failed after that. */
function wasNotReleased(organizationId: string): Sql {
  const lastFailure = sql`(SELECT max(r.recorded_at) FROM test_results r
    WHERE r.organization_id = ${organizationId}::uuid AND r.test_case_id = j.id AND ${hasFailed('r')}
      AND r.guard IS NULL)`;
  return sql`coalesce((SELECT max(e.at) FROM quarantine_events e
      WHERE e.organization_id = ${organizationId}::uuid AND e.test_case_id = j.id
        AND e.change = 'REMOVED' AND e.actor IS NOT NULL)
    < CASE WHEN is_statistical THEN ${lastFailure} ELSE disrupted_at END, true)`;
}
