import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, type Database } from '../src/db/client.ts';
import { lockNames } from '../src/db/lock.ts';
import { query, sql } from '../src/db/sql.ts';
import { rebuildAnalytics } from '../src/engine/rebuild-analytics.ts';
import { analyticsEngine } from '../src/jobs/analytics-engine.ts';
import { ingestRate } from './ingest.ts';
import { median } from './median.ts';
import { addHistory } from './result-history.ts';
import type { Subject } from './subject.ts';

/** Results at the second measurement; the first is at a tenth of it. */
const results = Number(process.env['ANALYTICS_RESULTS'] ?? 10_000_000);
const times = 25;
const rounds = 3;

const questions: Readonly<Record<string, string>> = {
  'flaky list': `{ flakyTests(first: 25, filter: { repository: "acme/history" }, window: { days: 30 },
      orderBy: { field: DISRUPTIVENESS, direction: DESC }) { nodes { state evidenceCount testCase { name }
      scores(window: { days: 30 }) { disruptiveness flipRate failureRate disruptionCount } } } }`,
  '30-day statistics': `{ repository(owner: "acme", name: "history") {
      statistics(window: { days: 30 }, interval: DAY, timeZone: "Europe/Berlin") {
        total { count successRate meanTimeToRecoveryMs durationPercentiles(percents: [50, 95]) { percent ms } }
        previous { count successRate } intervals { from count success failure successRate } } } }`,
  '30 days of a test': `{ testCases(first: 1, filter: { repository: "acme/history" }) { nodes {
      statistics(window: { days: 30 }) { total { count passRate durationPercentiles(percents: [50, 95]) { percent ms } } intervals { from count } } } } }`,
};

interface Scans {
  readonly sequential: number;
  readonly indexed: number;
}

interface Measured {
  /** Median milliseconds of each question. */
  readonly times: ReadonlyMap<string, number>;
  readonly scans: Scans;
}

/**
 * How long the flaky list and the statistics of 30 days take at a tenth of the results and at all of them, and how much
 * ingest the analytics costs.
 */
export async function analytics(subject: Subject): Promise<void> {
  const db = createDatabase(subject.databaseUrl);
  const small = await measureAt(db, subject, { runs: results / 10_000, part: 'first' });
  const large = await measureAt(db, subject, { runs: (results / 10_000) * 9, part: 'second' });
  console.table(
    Object.fromEntries(
      Object.keys(questions).map((name) => {
        const [few, many] = [small.times.get(name) ?? 0, large.times.get(name) ?? 0];
        return [
          name,
          {
            few: `${few.toFixed(1)} ms`,
            many: `${many.toFixed(1)} ms`,
            ratio: (many / few).toFixed(2),
          },
        ];
      }),
    ),
  );
  console.log(
    `analytics: ${String(results / 10)} results against ${String(results)} (budget: at most 2.00); ` +
      `test_results was read ${String(small.scans.sequential + large.scans.sequential)} times from end to end (budget: 0), ` +
      `${String(small.scans.indexed + large.scans.indexed)} times by an index`,
  );
  await compareIngest(db, subject);
  await db.close();
}

async function measureAt(
  db: Database,
  subject: Subject,
  history: { readonly runs: number; readonly part: string },
): Promise<Measured> {
  await addHistory(db, subject.organizationId, history);
  const engine = analyticsEngine(db, () => new Date());
  await rebuildAnalytics(engine, subject.organizationId, ({ doneTests, totalTests }) => {
    if (doneTests % 1_000 === 0)
      console.log(`rebuild: ${String(doneTests)} of ${String(totalTests)} tests`);
  });
  await query(db.pool, sql`VACUUM ANALYZE`);
  await query(db.pool, sql`SELECT pg_stat_reset()`);
  const measured = new Map<string, number>();
  for (const [name, document] of Object.entries(questions)) {
    const taken: number[] = [];
    for (let time = 0; time < times; time += 1) taken.push(await ask(subject, document));
    measured.set(name, median(taken));
  }
  return { times: measured, scans: await scans(db) };
}

/** Milliseconds. */
async function ask({ url, apiKey }: Subject, document: string): Promise<number> {
  const begin = performance.now();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ query: document }),
  });
  const answer = await response.text();
  const taken = performance.now() - begin;
  if (!response.ok || answer.includes('"errors"')) throw new Error(answer.slice(0, 500));
  // Fast because there is nothing is no measure.
  if (/"total":\{"count":0|"nodes":\[\]/.test(answer)) throw new Error('an answer is empty');
  return taken;
}

/** How often a part of test_results was read since the last reset, in whatever way. */
async function scans({ pool }: Database): Promise<Scans> {
  await query(pool, sql`SELECT pg_stat_force_next_flush()`);
  const [row] = await query<{ sequential: bigint; indexed: bigint }>(
    pool,
    sql`SELECT coalesce(sum(seq_scan), 0)::bigint AS sequential, coalesce(sum(idx_scan), 0)::bigint AS indexed
      FROM pg_stat_user_tables WHERE relname LIKE 'test_results%'`,
  );
  if (row === undefined) throw new Error('statistics of tables gave no row');
  return { sequential: Number(row.sequential), indexed: Number(row.indexed) };
}

/** Holds the analytics back every other round, and lets it catch up before the next one. */
async function compareIngest(db: Database, subject: Subject): Promise<void> {
  const rates = { on: [] as number[], off: [] as number[] };
  const behind: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    rates.on.push(await ingestRate(subject));
    behind.push(await caughtUp(db));
    const client = await db.pool.connect();
    await client.query('BEGIN');
    await lockNames(client, [`analytics ${subject.organizationId}`]);
    rates.off.push(await ingestRate(subject));
    await client.query('COMMIT');
    client.release();
    await caughtUp(db);
  }
  const [on, off] = [median(rates.on), median(rates.off)];
  console.log(
    `analytics: ingest ${on.toFixed(0)} rows/s with it, ${off.toFixed(0)} without: ${(on / off).toFixed(2)} x (budget: at least 0.70); ` +
      `caught up ${median(behind).toFixed(0)} ms after it`,
  );
}

/** Waits until no event is left; gives how long that took, in milliseconds. */
async function caughtUp({ pool }: Database): Promise<number> {
  const begin = performance.now();
  const waiting = sql`SELECT 1 FROM analytics_events LIMIT 1`;
  while ((await query(pool, waiting)).length > 0) await sleep(50);
  return performance.now() - begin;
}
