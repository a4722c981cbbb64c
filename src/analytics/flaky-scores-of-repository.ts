import { isBroken, isCertain } from '../db/outcome-rules.ts';
import { sql } from '../db/sql.ts';
import type { ScoreWindow } from '../domain/score-window.ts';
import type { Derivation } from './page-request.ts';
import { inWindow, windowFrom, windowTo } from './test-days.ts';

/** What flakiness costs a repository in a window, as JSON: times are ISO 8601. */
export interface RepositoryFlakiness {
  readonly from: string;
  readonly to: string;
  readonly buildCount: number;
  readonly disruptedBuildCount: number;
  readonly disruptionCount: number;
  readonly timeLostMs: number;
  readonly flakyCount: number;
  readonly brokenCount: number;
}

/**
 * What flakiness costs a repository, a scalar subquery that gives `RepositoryFlakiness`. Builds with one page are one
 * build, and so are submissions without a build that name one page (Contract: buildpulse.md 6).
 */
export function repositoryFlakiness(window: ScoreWindow): Derivation {
  return (organizationId, repositoryId) => {
    const own = sql`organization_id = ${organizationId}::uuid`;
    const builds = sql`SELECT coalesce(b.url, b.id::text) AS page,
        CASE WHEN ${isBroken('b')} THEN b.duration_ms END AS failed_ms,
        EXISTS (SELECT FROM disruptions x WHERE x.${own} AND x.build_id = b.id AND ${isCertain('x')}) AS is_disrupted
      FROM builds b WHERE b.${own} AND b.repository_id = ${repositoryId}
        AND ${inWindow(sql`coalesce(b.started_at, b.recorded_at)`, window)}
        AND EXISTS (SELECT FROM test_results r WHERE r.${own} AND r.build_id = b.id)`;
    const submissions = sql`SELECT coalesce(s.build_url, s.id), NULL,
        EXISTS (SELECT FROM disruptions x WHERE x.${own} AND x.submission_id = s.id AND x.build_id IS NULL
          AND ${isCertain('x')})
      FROM submissions s WHERE s.${own} AND s.repository_id = ${repositoryId} AND s.build_id IS NULL
        AND ${inWindow(sql`s.recorded_at`, window)} AND s.test_result_count > 0`;
    return sql`(SELECT json_build_object('from', ${windowFrom(window)}, 'to', ${windowTo(window)},
        'buildCount', p.count, 'disruptedBuildCount', p.disrupted, 'timeLostMs', p.lost_ms,
        'disruptionCount', (SELECT count(*) FROM disruptions x WHERE x.${own} AND x.repository_id = ${repositoryId}
          AND ${inWindow(sql`x.recorded_at`, window)} AND ${isCertain('x')}),
        'flakyCount', k.flaky, 'brokenCount', k.broken)
      FROM (SELECT count(DISTINCT page), count(DISTINCT page) FILTER (WHERE is_disrupted) AS disrupted,
          coalesce(sum(failed_ms) FILTER (WHERE is_disrupted), 0) AS lost_ms
        FROM (${builds} UNION ALL ${submissions}) pages) p,
        (SELECT count(*) FILTER (WHERE k.state = 'FLAKY') AS flaky, count(*) FILTER (WHERE k.state = 'BROKEN') AS broken
          FROM flaky_tests k WHERE k.${own} AND k.repository_id = ${repositoryId}) k)`;
  };
}
