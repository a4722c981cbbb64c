import type { ServiceContext } from '../context.ts';
import { hasFailed } from '../db/outcome-rules.ts';
import { join, sql, verbatim } from '../db/sql.ts';
import { failureSignature } from '../domain/failure-signature.ts';
import { jaccardClusters } from '../domain/jaccard-clusters.ts';
import type { Asked, RepositoryFilter, TimeRange } from './conditions.ts';
import { ofRepository } from './of-repository.ts';
import { requireFirst } from './require-first.ts';
import { type WholeDays, wholeDays } from './whole-days.ts';

/** Tests that fail together share so much of the builds in which either failed. */
const leastShared = 0.5;
/** What is looked at, and shown of a cluster, at most. */
const mostClustered = { failures: 200_000, tests: 5_000, shown: 50 } as const;
/** Tests of a cluster whose messages are read. */
const mostMessages = 20;
/** A test that failed once shares that with all that failed there. */
const leastRuns = 2;

export interface CoFailureClustersQuestion {
  readonly repository: Asked<RepositoryFilter>;
  readonly window?: TimeRange | null | undefined;
  readonly first?: number | null | undefined;
}

/** Tests that fail together. */
export interface CoFailureCluster {
  /** The first 50 of them, those that failed in most builds first. */
  readonly testCaseIds: readonly string[];
  readonly testCount: number;
  /** Builds in which two of them or more failed. */
  readonly buildCount: number;
  readonly lastFailedAt: Date;
  /** What more than half of the messages looked at say; null when they differ. */
  readonly signature: string | null;
}

export interface CoFailureClusters {
  /** The largest first. */
  readonly clusters: readonly CoFailureCluster[];
  /** Of all clusters, those that are not given too. */
  readonly totalCount: number;
  /** Failures that were looked at. */
  readonly failureCount: number;
  /** False when there are more failures or tests than are looked at. */
  readonly isComplete: boolean;
}

interface FailingTest {
  readonly id: string;
  /** Builds, uploads or invocations in which it failed, as numbers. */
  readonly runs: readonly number[];
  readonly lastFailedAt: string;
}

/**
 * Groups the tests of a repository by the builds in which they failed. Looks at the latest 200,000 failures of whole
 * days (UTC), and of these at the 5,000 tests that failed in most builds; failures that are no evidence (outages,
 * cancelled builds, excluded results) are left out.
 *
 * @throws {ValidationError} for a page size or a time that breaks a rule
 */
export async function coFailureClusters(
  ctx: ServiceContext,
  { repository, window, first }: CoFailureClustersQuestion,
): Promise<CoFailureClusters> {
  const size = requireFirst(first);
  const days = wholeDays(window, ctx.now(), ['window']);
  const { failureCount, tests } = await failingTests(ctx, repository, days);
  const looked = tests.slice(0, mostClustered.tests);
  const members = looked.map(({ id, runs }) => ({ id, set: new Set(runs) }));
  const clusters = await jaccardClusters(members, leastShared);
  const byId = new Map(looked.map((test) => [test.id, test]));
  const shown = clusters
    .slice(0, size)
    .map((ids) => ids.flatMap((id) => byId.get(id) ?? []).sort(mostRunsFirst));
  const signatures = await signaturesOf(ctx, shown, days);
  return {
    clusters: shown.map((cluster, index) => toCluster(cluster, signatures[index] ?? null)),
    totalCount: clusters.length,
    failureCount: Math.min(failureCount, mostClustered.failures),
    isComplete: failureCount <= mostClustered.failures && tests.length <= mostClustered.tests,
  };
}

function mostRunsFirst(a: FailingTest, b: FailingTest): number {
  return b.runs.length - a.runs.length || (a.id < b.id ? -1 : 1);
}

function toCluster(tests: readonly FailingTest[], signature: string | null): CoFailureCluster {
  const failures = new Map<number, number>();
  for (const { runs } of tests) {
    for (const run of runs) failures.set(run, (failures.get(run) ?? 0) + 1);
  }
  const times = tests.map(({ lastFailedAt }) => new Date(lastFailedAt).getTime());
  return {
    testCaseIds: tests.slice(0, mostClustered.shown).map(({ id }) => id),
    testCount: tests.length,
    buildCount: [...failures.values()].filter((count) => count > 1).length,
    lastFailedAt: new Date(times.reduce((latest, time) => Math.max(latest, time), 0)),
    signature,
  };
}

/** The failing tests, one more than are looked at, those that failed in most builds first. */
async function failingTests(
  { db, tenant: { organizationId } }: ServiceContext,
  repository: Asked<RepositoryFilter>,
  { from, to }: WholeDays,
): Promise<{ readonly failureCount: number; readonly tests: readonly FailingTest[] }> {
  const where = [
    ...ofRepository(organizationId, repository),
    sql`t.recorded_at >= ${from}::timestamptz AND t.recorded_at < ${to}::timestamptz`,
    sql`${hasFailed('t')}`,
  ];
  const [found] = await db.read<{
    readonly failureCount: bigint;
    readonly tests: readonly FailingTest[] | null;
  }>(sql`WITH failures AS (
      SELECT t.test_case_id, t.recorded_at, t.guard,
        coalesce(t.build_id::text, t.submission_id, t.invocation_id::text) AS run
      FROM test_results t WHERE ${join(where, ' AND ')}
      ORDER BY t.recorded_at DESC, t.id DESC LIMIT ${verbatim(String(mostClustered.failures + 1))})
    SELECT (SELECT count(*) FROM failures) AS "failureCount", (
      SELECT json_agg(test) FROM (
        SELECT test_case_id AS id, array_agg(DISTINCT run) AS runs, max(recorded_at) AS "lastFailedAt"
        FROM (SELECT test_case_id, recorded_at, dense_rank() OVER (ORDER BY run) AS run FROM failures
          WHERE run IS NOT NULL AND guard IS NULL) numbered
        GROUP BY test_case_id HAVING count(DISTINCT run) >= ${verbatim(String(leastRuns))}
        ORDER BY count(DISTINCT run) DESC, test_case_id
        LIMIT ${verbatim(String(mostClustered.tests + 1))}) test) AS tests`);
  if (found === undefined) throw new Error('failing tests gave no row');
  return { failureCount: Number(found.failureCount), tests: found.tests ?? [] };
}

/** What the latest failures of most tests of each cluster say in general. */
async function signaturesOf(
  { db, tenant: { organizationId } }: ServiceContext,
  clusters: readonly (readonly FailingTest[])[],
  { from, to }: WholeDays,
): Promise<(string | null)[]> {
  const read = clusters.map((tests) => tests.slice(0, mostMessages).map(({ id }) => id));
  const ids = read.flat();
  if (ids.length === 0) return [];
  const rows = await db.read<{ readonly id: string; readonly message: string | null }>(
    sql`SELECT asked.id, failure.message FROM unnest(${ids}::text[]) AS asked (id)
      CROSS JOIN LATERAL (
        SELECT left(t.message, 1000) AS message FROM test_results t
        WHERE t.organization_id = ${organizationId}::uuid AND t.test_case_id = asked.id
          AND t.recorded_at >= ${from}::timestamptz AND t.recorded_at < ${to}::timestamptz
          AND ${hasFailed('t')} AND t.guard IS NULL
        ORDER BY t.recorded_at DESC, t.id DESC LIMIT 1) failure`,
  );
  const byId = new Map(rows.map(({ id, message }) => [id, failureSignature(message ?? '')]));
  return read.map((tests) => commonOf(tests.map((id) => byId.get(id) ?? '')));
}

/** What more than half of all say. */
function commonOf(signatures: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const signature of signatures) counts.set(signature, (counts.get(signature) ?? 0) + 1);
  const [common] = [...counts].filter(([, count]) => count * 2 > signatures.length);
  return common?.[0] === '' ? null : (common?.[0] ?? null);
}
