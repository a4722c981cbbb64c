import { type Queryable, query, type Sql, sql } from '../db/sql.ts';
import { mostOfEvent } from './note-changes.ts';

/** What has learnt something, as rows `p`, and which rows `t` belong to it. */
export interface Source {
  /** Columns build_id, repository_id, branch, commit_sha and tree_sha, under the alias `p`. */
  readonly parent: Sql;
  readonly belongs: Sql;
}

/** The submissions that fulfil the condition. */
export function ofSubmissions(organizationId: string, condition: Sql): Source {
  return {
    parent: sql`submissions p`,
    belongs: sql`p.organization_id = ${organizationId}::uuid AND ${condition} AND t.submission_id = p.id`,
  };
}

/** One build. */
export function ofBuild(organizationId: string, id: string): Source {
  return {
    parent: sql`(SELECT id AS build_id, repository_id, branch, commit_sha, tree_sha FROM builds
      WHERE organization_id = ${organizationId}::uuid AND id = ${id}::uuid) p`,
    belongs: sql`t.build_id = ${id}::uuid`,
  };
}

/** One invocation. */
export function ofInvocation(organizationId: string, id: string): Source {
  return {
    parent: sql`(SELECT NULL::uuid AS build_id, repository_id, branch, commit_sha, tree_sha FROM invocations
      WHERE organization_id = ${organizationId}::uuid AND id = ${id}::uuid) p`,
    belongs: sql`t.invocation_id = ${id}::uuid`,
  };
}

/**
 * Fills what results do not know yet, from one source after the other, and lets the analytics judge them anew: their
 * code may be known now, or known better: by its tree, no longer by its commit.
 */
export async function fillResults(
  tx: Queryable,
  organizationId: string,
  sources: readonly Source[],
): Promise<void> {
  for (const source of sources) await fillFrom(tx, organizationId, source);
}

async function fillFrom(
  tx: Queryable,
  organizationId: string,
  { parent, belongs }: Source,
): Promise<void> {
  await query(
    tx,
    // Locked in one order first: the results of a build may be filled from their submission at the same time.
    sql`WITH lacking AS MATERIALIZED (
        SELECT t.recorded_at, t.id, t.code_state AS before, p.build_id, p.branch, p.commit_sha, p.tree_sha
        FROM ${parent} JOIN test_results t ON ${belongs}
        WHERE t.organization_id = ${organizationId}::uuid AND (
          t.build_id IS NULL AND p.build_id IS NOT NULL OR t.branch IS NULL AND p.branch IS NOT NULL
          OR t.commit_sha IS NULL AND p.commit_sha IS NOT NULL OR t.code_state IS NULL AND p.tree_sha IS NOT NULL
          OR t.code_state = t.commit_sha AND t.code_state <> p.tree_sha)
        ORDER BY t.recorded_at, t.id FOR NO KEY UPDATE OF t),
      filled AS (
        UPDATE test_results t SET build_id = coalesce(t.build_id, l.build_id),
          branch = coalesce(t.branch, l.branch), commit_sha = coalesce(t.commit_sha, l.commit_sha),
          code_state = CASE WHEN t.code_state IS NULL THEN coalesce(l.tree_sha, l.commit_sha)
            WHEN t.code_state = t.commit_sha THEN coalesce(l.tree_sha, t.code_state) ELSE t.code_state END
        FROM lacking l
        WHERE t.organization_id = ${organizationId}::uuid AND t.recorded_at = l.recorded_at AND t.id = l.id
        RETURNING t.repository_id, t.build_id, t.test_case_id, t.recorded_at, l.before, t.code_state AS after)
      INSERT INTO analytics_events (organization_id, kind, repository_id, build_id, code_state, test_case_ids, recorded_ats)
      SELECT ${organizationId}::uuid, 'CODE_STATES', repository_id, build_id, state, array_agg(test_case_id), array_agg(recorded_at)
      FROM (SELECT *, (row_number() OVER (PARTITION BY repository_id, build_id, state) - 1) / ${mostOfEvent} AS part
        FROM (SELECT repository_id, build_id, test_case_id, recorded_at, before AS state FROM filled
          UNION SELECT repository_id, build_id, test_case_id, recorded_at, after FROM filled) both_states) numbered
      GROUP BY repository_id, build_id, state, part`,
  );
}

/** Fills what coverage and security reports do not know yet. */
export async function fillReports(
  tx: Queryable,
  organizationId: string,
  { parent, belongs }: Source,
): Promise<void> {
  const lacks = sql`t.organization_id = ${organizationId}::uuid AND ${belongs}
    AND (t.branch IS NULL AND p.branch IS NOT NULL OR t.commit_sha IS NULL AND p.commit_sha IS NOT NULL`;
  const filled = sql`branch = coalesce(t.branch, p.branch), commit_sha = coalesce(t.commit_sha, p.commit_sha)`;
  await query(
    tx,
    sql`UPDATE coverage_reports t SET build_id = coalesce(t.build_id, p.build_id), ${filled}
      FROM ${parent} WHERE ${lacks} OR t.build_id IS NULL AND p.build_id IS NOT NULL)`,
  );
  await query(
    tx,
    sql`UPDATE security_reports t SET repository_id = coalesce(t.repository_id, p.repository_id), ${filled}
      FROM ${parent} WHERE ${lacks} OR t.repository_id IS NULL AND p.repository_id IS NOT NULL)`,
  );
}
