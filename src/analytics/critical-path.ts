import { sql, verbatim } from '../db/sql.ts';
import type { Derivation } from './page-request.ts';

/** When a build and its stages ran, as JSON: milliseconds since 1970. */
export interface TimedBuild {
  readonly startedAt: number | null;
  readonly stages: readonly {
    readonly id: string;
    readonly startedAt: number;
    readonly endedAt: number;
  }[];
}

/** The stages of a build of which it is known when they ran, a scalar subquery that gives `TimedBuild`; null without any. */
export const timedStages: Derivation = (organizationId, buildId) => {
  const ms = (instant: string) => `extract(epoch FROM ${instant}) * 1000`;
  const parts = {
    stage: `json_build_object('id', s.build_id || ':' || s.key, 'startedAt', ${ms('s.started_at')}, 'endedAt', ${ms('s.ended_at')})`,
    build: ms('b.started_at'),
  };
  return sql`(SELECT json_build_object('startedAt', min(${verbatim(parts.build)}), 'stages', json_agg(${verbatim(parts.stage)}))
    FROM (SELECT s.*, coalesce(s.completed_at, s.started_at + make_interval(secs => s.duration_ms / 1000.0)) AS ended_at
      FROM stages s WHERE s.organization_id = ${organizationId}::uuid AND s.build_id = ${buildId}) s
    JOIN builds b ON b.organization_id = ${organizationId}::uuid AND b.id = s.build_id
    WHERE s.started_at IS NOT NULL AND s.ended_at >= s.started_at AND s.status <> 'SKIPPED' HAVING count(*) > 0)`;
};
