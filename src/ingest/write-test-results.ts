import { type Queryable, query, type Sql, sql } from '../db/sql.ts';
import type { ResultParents } from './find-parents.ts';
import { followMerges } from './follow-merges.ts';
import { mostOfEvent } from './note-changes.ts';
import type { ResultSource } from './result-source.ts';

/**
 * Writes test cases and attempts, one statement each, in the order of their keys: two writes of the same rows
 * then never wait for each other. Gives the number of attempts that were new, by file; the analytics learns of those.
 *
 * @param parents as `takeParents` gives them
 * @param said rows as the reports name them; results of test cases that were merged go where those went
 */
export async function writeTestResults(
  tx: Queryable,
  parents: ResultParents,
  said: ResultSource,
): Promise<ReadonlyMap<number, number>> {
  const source = await followMerges(tx, parents.organizationId, said);
  const madeCount = await writeTestCases(tx, parents, source);
  const { written, total, isAllNew } = await writeResults(tx, parents, source);
  if (!isAllNew && madeCount > 0) await removeUnused(tx, parents, source);
  if (parents.submission !== null && total > 0) {
    await query(
      tx,
      sql`UPDATE submissions SET test_result_count = test_result_count + ${total}
        WHERE organization_id = ${parents.organizationId}::uuid AND id = ${parents.submission.id}`,
    );
  }
  return written;
}

/**
 * Known test cases are not touched unless they are seen earlier than ever: most requests write none. Gives the number
 * of those that are new: of their ids there may be a million. Their owners are worked out later, where there is a file
 * that names them.
 */
async function writeTestCases(
  tx: Queryable,
  { organizationId, repositoryId }: ResultParents,
  { testCases }: ResultSource,
): Promise<number> {
  const [made] = await query<{ count: bigint }>(
    tx,
    sql`WITH written AS (
        INSERT INTO test_cases AS t
          (organization_id, id, repository_id, suite, class_name, name, file, variant, first_seen_at)
        SELECT ${organizationId}::uuid, id, ${repositoryId}::uuid, suite, class_name, name, file, variant, first_seen_at
        FROM ${testCases}
        WHERE NOT EXISTS (
          SELECT FROM test_cases k WHERE k.organization_id = ${organizationId}::uuid AND k.id = said.id
            AND k.first_seen_at <= said.first_seen_at)
        ORDER BY id
        ON CONFLICT (organization_id, id) DO UPDATE SET first_seen_at = EXCLUDED.first_seen_at
          WHERE t.first_seen_at > EXCLUDED.first_seen_at
        RETURNING id, xmax = 0 AS is_new),
      unowned AS (INSERT INTO unowned_tests (organization_id, repository_id, test_case_id)
        SELECT ${organizationId}::uuid, ${repositoryId}::uuid, id FROM written WHERE is_new AND EXISTS (
          SELECT FROM owner_sweeps s
          WHERE s.organization_id = ${organizationId}::uuid AND s.repository_id = ${repositoryId}::uuid))
      SELECT count(*) FILTER (WHERE is_new) AS count FROM written`,
  );
  return Number(made?.count ?? 0);
}

/** A report that is sent again after names fold otherwise names test cases that its rows are not of. */
async function removeUnused(
  tx: Queryable,
  { organizationId }: ResultParents,
  { testCaseIds }: ResultSource,
): Promise<void> {
  await query(
    tx,
    // Only what this transaction wrote, and one probe for each: a plan for NOT EXISTS may read all results instead.
    sql`DELETE FROM test_cases t WHERE t.organization_id = ${organizationId}::uuid
      AND t.xmin = pg_current_xact_id()::xid AND t.id IN (SELECT id FROM ${testCaseIds})
      AND (SELECT true FROM test_results r
        WHERE r.organization_id = t.organization_id AND r.test_case_id = t.id LIMIT 1) IS NULL`,
  );
}

interface Written {
  /** New attempts by file. */
  readonly written: ReadonlyMap<number, number>;
  readonly total: number;
  /** None was stored before. */
  readonly isAllNew: boolean;
}

async function writeResults(
  tx: Queryable,
  parents: ResultParents,
  { results, fileCount }: ResultSource,
): Promise<Written> {
  // With one file there is nothing to tell apart.
  const perFile = sql`SELECT f, count(*) AS written, (SELECT count(*) FROM said) AS said FROM written JOIN said USING (i) GROUP BY f`;
  const inAll = sql`SELECT 0 AS f, count(*) AS written, (SELECT count(*) FROM said) AS said FROM written`;
  const counted = await query<{ f: number; written: bigint; said: bigint }>(
    tx,
    sql`WITH said AS (SELECT * FROM ${results}), written AS (
        INSERT INTO test_results (organization_id, recorded_at, id, repository_id, test_case_id, build_id,
          submission_id, invocation_id, attempt, status, status_raw, duration_us, message, stack_trace,
          failure_type, output, line, properties, reported_test_case_id, branch, commit_sha, code_state)
        SELECT ${parents.organizationId}::uuid, at, i, ${parents.repositoryId}::uuid, t,
          ${parents.build?.id ?? null}::uuid, ${parents.submission?.id ?? null}::text,
          ${parents.invocation?.id ?? null}::uuid, a, s, w, d, m, b, y, o, l, p, q,
          ${parents.branch}::text, ${parents.commitSha}::text, ${parents.codeState}::text
        FROM said ORDER BY at, i
        ON CONFLICT (organization_id, recorded_at, id) DO NOTHING
        RETURNING id AS i, test_case_id AS t, recorded_at AS at, status AS s, duration_us AS d
      ), noted AS (${noteResults(parents)})
      ${fileCount > 1 ? perFile : inAll}`,
  );
  const total = counted.reduce((sum, { written }) => sum + Number(written), 0);
  return {
    written: new Map(counted.map(({ f, written }) => [f, Number(written)])),
    total,
    isAllNew: total === Number(counted[0]?.said),
  };
}

/** Tells the analytics of the rows `written`. */
function noteResults({ organizationId, repositoryId, codeState, ...parents }: ResultParents): Sql {
  return sql`INSERT INTO analytics_events (organization_id, kind, repository_id, build_id, submission_id,
      invocation_id, code_state, test_case_ids, recorded_ats, statuses, durations_us)
    SELECT ${organizationId}::uuid, 'RESULTS', ${repositoryId}::uuid, ${parents.build?.id ?? null}::uuid,
      ${parents.submission?.id ?? null}::text, ${parents.invocation?.id ?? null}::uuid, ${codeState}::text,
      array_agg(t), array_agg(at), array_agg(s), array_agg(coalesce(d, -1))
    FROM (SELECT *, (row_number() OVER () - 1) / ${mostOfEvent} AS part FROM written) numbered GROUP BY part`;
}
