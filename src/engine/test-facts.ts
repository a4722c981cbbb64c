import { columnName } from '../db/columns.ts';
import { countedDays } from '../db/counted-days.ts';
import { hasFailed } from '../db/outcome-rules.ts';
import { type Queryable, query, type Sql, sql, verbatim } from '../db/sql.ts';
import type { FlakyState } from '../db/generated/prisma/enums.ts';
import type { TestFacts, Thresholds } from '../domain/flaky-state.ts';
import { defaultFlakySettings } from '../domain/flaky-settings.ts';

/** What is known of one test, and what was made of it before. */
export interface KnownTest {
  readonly testCaseId: string;
  readonly repositoryId: string;
  readonly thresholds: Thresholds;
  readonly facts: TestFacts;
  readonly evidenceCount: number;
  /** Times of the first and the last result of its evidence, else of its latest failures; null when there is none. */
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
  /** Null when the test is not among the flaky ones. */
  readonly state: FlakyState | null;
}

/** Pieces of evidence that are weighed, the latest of a test. */
const mostEvidence = 1_000;

type Row = Omit<KnownTest, 'thresholds' | 'facts'> & {
  readonly settings: Thresholds | null;
  readonly evidence: readonly { key: string; at: string; halves: number }[] | null;
  readonly streaks: readonly { brokenAt: string; lastAt: string }[] | null;
  readonly fix: {
    attemptedAt: string;
    actor: string;
    failedAt: string | null;
    cleanAts: string[];
  } | null;
  readonly recent: TestFacts['recent'];
};

/** Reads what decides the states of tests. */
export async function knownTests(
  tx: Queryable,
  organizationId: string,
  testCaseIds: readonly string[],
  now: Date,
): Promise<KnownTest[]> {
  const rows = await query<Row>(tx, factsOf(organizationId, testCaseIds, now));
  return rows.map(({ settings, evidence, streaks, fix, recent, ...row }) => ({
    ...row,
    thresholds: settings ?? defaultFlakySettings,
    facts: {
      evidence: (evidence ?? []).map(({ at, ...piece }) => ({ ...piece, at: new Date(at) })),
      streaks: (streaks ?? []).map(({ brokenAt, lastAt }) => ({
        brokenAt: new Date(brokenAt),
        lastAt: new Date(lastAt),
      })),
      fix: fix && {
        attemptedAt: new Date(fix.attemptedAt),
        actor: fix.actor,
        failedAt: fix.failedAt === null ? null : new Date(fix.failedAt),
        cleanAts: fix.cleanAts.map((at) => new Date(at)),
      },
      recent,
    },
  }));
}

function factsOf(organizationId: string, testCaseIds: readonly string[], now: Date): Sql {
  const setting = (name: 'alarmDays' | 'recoverDays' | 'brokenStates'): Sql =>
    sql`coalesce(s.${verbatim(columnName(name))}, ${defaultFlakySettings[name]}::int)`;
  const at = sql`${now}::timestamptz`;
  return sql`WITH asked AS MATERIALIZED (
      SELECT c.id, c.repository_id, p.default_branch, to_jsonb(s) AS settings,
        ${setting('brokenStates')} AS broken_states,
        ${at} - make_interval(hours => 24 * ${setting('recoverDays')}) AS since,
        date_trunc('day', ${at}, 'UTC') - make_interval(hours => 24 * (${setting('alarmDays')} - 1)) AS recent_since
      FROM test_cases c JOIN repositories p ON p.organization_id = c.organization_id AND p.id = c.repository_id
      LEFT JOIN flaky_settings s ON s.organization_id = c.organization_id AND s.repository_id = c.repository_id
      WHERE c.organization_id = ${organizationId}::uuid AND c.id = ANY (${testCaseIds}::text[])),
    failures AS MATERIALIZED (
      SELECT a.id AS test_case_id, r.branch, r.recorded_at, r.attempt, r.id, r.code_state, r.guard, a.broken_states,
        r.recorded_at > a.since AS counts
      FROM asked a JOIN test_results r ON r.test_case_id = a.id AND r.recorded_at > least(a.since, a.recent_since)
      WHERE r.organization_id = ${organizationId}::uuid AND ${hasFailed('r')}),
    streaks AS (${streaksOf(organizationId)})
    SELECT a.id AS "testCaseId", a.repository_id AS "repositoryId", ${settingsOf} AS settings,
      e.evidence, coalesce(e.count, 0)::int AS "evidenceCount",
      (SELECT json_agg(json_build_object('brokenAt', t.broken_at, 'lastAt', t.last_at))
        FROM streaks t WHERE t.test_case_id = a.id) AS streaks,
      ${fixOf(organizationId)} AS fix,
      ${recentOf(organizationId, at)} AS recent,
      coalesce(e.first_at, f.first_at) AS "firstAt", coalesce(e.last_at, f.last_at) AS "lastAt",
      (SELECT state FROM flaky_tests k WHERE k.organization_id = ${organizationId}::uuid AND k.test_case_id = a.id) AS state
    FROM asked a
    LEFT JOIN LATERAL (SELECT min(recorded_at) AS first_at, max(recorded_at) AS last_at FROM failures
      WHERE test_case_id = a.id) f ON true
    LEFT JOIN LATERAL (
      SELECT json_agg(json_build_object('key', key, 'at', last_failed_at,
            'halves', CASE kind WHEN 'SANDWICH' THEN 1 ELSE 2 END) ORDER BY last_failed_at, key)
          FILTER (WHERE place <= ${mostEvidence}) AS evidence,
        count(*) AS count, min(first_at) AS first_at, max(last_at) AS last_at
      FROM (SELECT *, row_number() OVER (ORDER BY last_failed_at DESC, key DESC) AS place
        FROM flaky_evidence WHERE organization_id = ${organizationId}::uuid AND test_case_id = a.id) placed) e ON true`;
}

/** In the names of `Thresholds`. */
const settingsOf = verbatim(`CASE WHEN a.settings IS NOT NULL THEN json_build_object(
  'alarmDays', a.settings -> 'alarm_days', 'alarmHalves', a.settings -> 'alarm_halves',
  'recoverDays', a.settings -> 'recover_days', 'brokenStates', a.settings -> 'broken_states',
  'fixStates', a.settings -> 'fix_states', 'statisticalPercent', a.settings -> 'statistical_percent',
  'statisticalResults', a.settings -> 'statistical_results') END`);

/** Branches that end in failures on enough code states; only those with as many are looked at closely. */
function streaksOf(organizationId: string): Sql {
  return sql`SELECT test_case_id, branch, (array_agg(first_at ORDER BY first_at))[min(broken_states)] AS broken_at,
      max(last_at) AS last_at
    FROM (SELECT f.test_case_id, f.branch, f.code_state, f.broken_states,
        min(f.recorded_at) AS first_at, max(f.recorded_at) AS last_at
      FROM (SELECT test_case_id, branch, min(recorded_at) AS since FROM failures
        WHERE counts AND guard IS NULL AND branch IS NOT NULL AND code_state IS NOT NULL
        GROUP BY test_case_id, branch HAVING count(DISTINCT code_state) >= min(broken_states)) b
      JOIN failures f USING (test_case_id, branch)
      LEFT JOIN LATERAL (SELECT r.recorded_at, r.attempt, r.id FROM test_results r
        WHERE r.organization_id = ${organizationId}::uuid AND r.test_case_id = b.test_case_id AND r.branch = b.branch
          AND r.status = 'PASSED' AND r.guard IS NULL AND r.recorded_at >= b.since
        ORDER BY r.recorded_at DESC, r.attempt DESC, r.id DESC LIMIT 1) passed ON true
      WHERE f.counts AND f.guard IS NULL AND f.code_state IS NOT NULL
        AND (passed.id IS NULL OR (f.recorded_at, f.attempt, f.id) > (passed.recorded_at, passed.attempt, passed.id))
      GROUP BY f.test_case_id, f.branch, f.code_state, f.broken_states) states
    GROUP BY test_case_id, branch HAVING count(*) >= min(broken_states)`;
}

/** Results that passed or failed in the last days. */
function recentOf(organizationId: string, at: Sql): Sql {
  const to = sql`(date_trunc('day', ${at}, 'UTC') + interval '24 hours')`;
  const span = { organizationId, testCaseId: sql`a.id`, from: sql`a.recent_since`, to };
  return sql`(SELECT json_build_object('count', coalesce(sum(results), 0), 'failed', coalesce(sum(failures), 0))
    FROM (${countedDays(span)}) told)`;
}

/**
 * What was seen of the fix: on each branch from the first result of its commit on, which later ones of the branch
 * contain. While the commit was never seen, on the default branch since somebody claimed that it fixes the test.
 */
function fixOf(organizationId: string): Sql {
  const own = sql`r.organization_id = ${organizationId}::uuid AND r.test_case_id = a.id`;
  const counts = sql`${own} AND r.guard IS NULL AND r.branch = line.branch AND r.recorded_at >= line.since`;
  return sql`(WITH x AS MATERIALIZED (SELECT * FROM fix_attempts
        WHERE organization_id = ${organizationId}::uuid AND test_case_id = a.id),
      seen AS MATERIALIZED (SELECT r.branch, min(r.recorded_at) AS since FROM x JOIN test_results r ON ${own}
        WHERE r.commit_sha = x.commit_sha AND r.branch IS NOT NULL GROUP BY r.branch),
      lines AS MATERIALIZED (SELECT * FROM seen UNION ALL
        SELECT unnest(CASE WHEN a.default_branch IS NULL THEN '{main,master}'::text[]
          ELSE ARRAY[a.default_branch] END), attempted_at FROM x WHERE NOT EXISTS (SELECT FROM seen)),
      failed AS MATERIALIZED (SELECT min(r.recorded_at) AS at FROM lines line JOIN test_results r ON ${counts}
        AND ${hasFailed('r')}),
      clean AS (SELECT min(r.recorded_at) AS at FROM lines line JOIN test_results r ON ${counts}
          AND r.status = 'PASSED' AND r.code_state IS NOT NULL
        GROUP BY r.code_state)
    SELECT json_build_object('attemptedAt', x.attempted_at, 'actor', x.actor, 'failedAt', failed.at,
      'cleanAts', (SELECT coalesce(json_agg(at ORDER BY at), '[]') FROM (SELECT clean.at FROM clean
        WHERE failed.at IS NULL OR clean.at < failed.at ORDER BY clean.at LIMIT 100) first))
    FROM x, failed)`;
}
