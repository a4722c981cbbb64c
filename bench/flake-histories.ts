import { randomUUID } from 'node:crypto';
import type { Database } from '../src/db/client.ts';
import { query, sql } from '../src/db/sql.ts';
import { objectId } from '../src/domain/object-id.ts';

/** A test of the simulation. */
export interface SimulatedTest {
  readonly name: string;
  /** How often an attempt fails though the code is good. */
  readonly failureRate: number;
  /** Runs between which the code it tests is broken: it fails in all of them, retried or not. */
  readonly brokenFrom: number;
  readonly brokenTo: number;
}

export interface Simulation {
  readonly tests: readonly SimulatedTest[];
  readonly runs: number;
  /** The run in which nothing can be reached: 95 of 100 tests fail, retried or not. */
  readonly outageRun: number;
  readonly endsAt: Date;
  /** Gives numbers in [0, 1). */
  readonly random: () => number;
}

const dayMs = 86_400_000;
const runsPerDay = 30;

/**
 * Stores what a CI would have sent of these runs of the default branch, each on code of its own, with one automatic retry
 * of what fails: set-based, a run at a time, with the events that ingest writes. Gives the repository.
 */
export async function storeHistories(
  { pool, partitions }: Pick<Database, 'pool' | 'partitions'>,
  organizationId: string,
  simulation: Simulation,
): Promise<string> {
  const { tests, runs, endsAt } = simulation;
  const repositoryId = randomUUID();
  const begin = endsAt.getTime() - (runs / runsPerDay) * dayMs;
  const ids = tests.map((_, index) => objectId(new Date(begin), [repositoryId, String(index)]));
  await partitions.ensure([new Date(begin), endsAt]);
  await query(
    pool,
    sql`INSERT INTO repositories (organization_id, id, slug, owner, name, default_branch)
      VALUES (${organizationId}::uuid, ${repositoryId}::uuid, ${`sim/${repositoryId}`}, 'sim', ${repositoryId}, 'main')`,
  );
  await query(
    pool,
    sql`INSERT INTO test_cases (organization_id, id, repository_id, suite, class_name, name, file, variant, first_seen_at)
      SELECT ${organizationId}::uuid, id, ${repositoryId}::uuid, 'suite', '', name, '', '', ${endsAt}::timestamptz
      FROM unnest(${ids}::text[], ${tests.map(({ name }) => name)}::text[]) AS t (id, name)`,
  );
  for (let run = 0; run < runs; run += 1) {
    const at = new Date(begin + (run * dayMs) / runsPerDay);
    const attempts = attemptsOf(simulation, run);
    await storeRun(pool, { organizationId, repositoryId, run, at, ids, attempts });
  }
  return repositoryId;
}

interface Attempt {
  readonly test: number;
  readonly attempt: number;
  readonly passed: boolean;
}

function attemptsOf({ tests, outageRun, random }: Simulation, run: number): Attempt[] {
  return tests.flatMap(({ failureRate, brokenFrom, brokenTo }, test) => {
    const isBroken = run >= brokenFrom && run < brokenTo;
    const isCutOff = run === outageRun && random() < 0.95;
    const passes = (): boolean => !isBroken && !isCutOff && random() >= failureRate;
    const first = { test, attempt: 1, passed: passes() };
    return first.passed ? [first] : [first, { test, attempt: 2, passed: passes() }];
  });
}

interface StoredRun {
  readonly organizationId: string;
  readonly repositoryId: string;
  readonly run: number;
  readonly at: Date;
  readonly ids: readonly string[];
  readonly attempts: readonly Attempt[];
}

async function storeRun(
  pool: Database['pool'],
  { organizationId, repositoryId, run, at, ids, attempts }: StoredRun,
): Promise<void> {
  const buildId = randomUUID();
  const codeState = `tree ${String(run)}`;
  const times = attempts.map(({ attempt }) => new Date(at.getTime() + attempt * 60_000));
  const statuses = attempts.map(({ passed }) => (passed ? 'PASSED' : 'FAILED'));
  const testCaseIds = attempts.map(({ test }) => ids[test] ?? '');
  await query(
    pool,
    sql`WITH build AS (
        INSERT INTO builds (organization_id, id, repository_id, job_name, status, status_raw, recorded_at, branch, tree_sha)
        VALUES (${organizationId}::uuid, ${buildId}::uuid, ${repositoryId}::uuid, 'test', 'SUCCESS', 'success',
          ${at}::timestamptz, 'main', ${codeState})
        RETURNING id),
      said AS (SELECT * FROM unnest(${testCaseIds}::text[], ${times}::timestamptz[], ${statuses}::test_status[],
        ${attempts.map(({ attempt }) => attempt)}::int[],
        ${attempts.map(({ test, attempt }) => objectId(at, [buildId, String(test), String(attempt)]))}::text[])
        AS r (test_case_id, recorded_at, status, attempt, id)),
      stored AS (
        INSERT INTO test_results (organization_id, recorded_at, id, repository_id, test_case_id, build_id, attempt, status,
          status_raw, duration_us, branch, code_state)
        SELECT ${organizationId}::uuid, recorded_at, said.id, ${repositoryId}::uuid, test_case_id, build.id, attempt, status,
          lower(status::text), 1000, 'main', ${codeState} FROM said, build)
      INSERT INTO analytics_events (organization_id, kind, repository_id, build_id, code_state, test_case_ids,
        recorded_ats, statuses, durations_us)
      SELECT ${organizationId}::uuid, 'RESULTS', ${repositoryId}::uuid, ${buildId}::uuid, ${codeState},
        array_agg(test_case_id), array_agg(recorded_at), array_agg(status), array_agg(1000) FROM said`,
  );
}

/** What one automatic retry can show at best: the mean chance that a test fails and then passes in one of the runs. */
export function passOnRetryBound(rates: readonly number[], runs: number): number {
  const chances = rates.map((rate) => 1 - (1 - rate * (1 - rate)) ** runs);
  return chances.reduce((sum, chance) => sum + chance, 0) / rates.length;
}

/** A small random generator that gives the same numbers for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Tests with the given rates, and stable ones of which every tenth breaks by real regressions: over one, three or ten
 * runs, until they are mended.
 */
export function simulatedTests(
  rates: readonly number[],
  stable: number,
  runs: number,
): SimulatedTest[] {
  const flaky = rates.map((failureRate, index) => ({
    name: `flaky ${String(index)}`,
    failureRate,
    brokenFrom: 0,
    brokenTo: 0,
  }));
  const steady = Array.from({ length: stable }, (_, index) => {
    const length = [1, 3, 10][(index / 10) % 3] ?? 1;
    const brokenFrom = (index * 37) % (runs - 20);
    const isBroken = index % 10 === 0;
    return {
      name: `stable ${String(index)}`,
      failureRate: 0,
      brokenFrom: isBroken ? brokenFrom : 0,
      brokenTo: isBroken ? brokenFrom + length : 0,
    };
  });
  return [...flaky, ...steady];
}
