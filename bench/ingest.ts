import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { createDatabase, type Database } from '../src/db/client.ts';
import { query, sql } from '../src/db/sql.ts';
import { median } from './median.ts';
import type { Subject } from './subject.ts';

const rowsEach = 1_000;
const connections = 4;
const rounds = 5;
const seconds = 4;
/** Each batch is later than the last one, as in life: a test that is seen earlier than ever is written again. */
const firstAt = Date.now() - 2 * 86_400_000;
const clockTicksPerSecond = 100; // of Linux

const document = `mutation ($input: RecordTestResultsInput!) {
  recordTestResults(input: $input) { __typename ... on RecordTestResultsPayload { accepted } } }`;

/** Stores one batch of new results. */
type Store = (batch: number) => Promise<void>;

interface Measured {
  readonly rowsPerSecond: number;
  /** CPU of the gateway for 1,000 rows, in milliseconds. */
  readonly cpuMs: number;
}

/**
 * Ingest of 1,000-result batches from 4 connections: the mutation, and a JUnit report over REST, against bare
 * `unnest` inserts of the same rows into the same tables. They take turns, so that a noisy machine hits all.
 */
export async function ingest(subject: Subject): Promise<void> {
  const db = createDatabase(subject.databaseUrl, { maxConnections: connections });
  const buildId = await makeBuild(subject);
  const stores: Readonly<Record<string, Store>> = {
    'bare unnest': bareInserts(db, subject.organizationId),
    'mutation recordTestResults': (batch) => mutate(subject, buildId, batch),
    'POST /api/v1/results, JUnit': (batch) => upload(subject, batch),
  };
  const measured = new Map<string, Measured[]>();
  let batch = 0;
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, store] of Object.entries(stores)) {
      const result = await measure(() => store((batch += 1)), subject.pid);
      if (round > 0) measured.set(name, [...(measured.get(name) ?? []), result]); // the first warms up
    }
  }
  agent.destroy();
  await db.close();
  await print(measured, subject.pid);
}

let batches = 0;

/** Rows a second that the mutation stores, from 4 connections. */
export async function ingestRate(subject: Subject): Promise<number> {
  const buildId = await makeBuild(subject);
  const { rowsPerSecond } = await measure(
    () => mutate(subject, buildId, (batches += 1)),
    subject.pid,
  );
  return rowsPerSecond;
}

async function measure(store: () => Promise<void>, pid: number): Promise<Measured> {
  const begin = performance.now();
  const cpuBefore = await cpuMsOf(pid);
  let batches = 0;
  const connection = async (): Promise<void> => {
    while (performance.now() < begin + seconds * 1000) {
      await store();
      batches += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const rows = batches * rowsEach;
  return {
    rowsPerSecond: rows / ((performance.now() - begin) / 1000),
    cpuMs: ((await cpuMsOf(pid)) - cpuBefore) / (rows / 1000),
  };
}

async function print(measured: ReadonlyMap<string, Measured[]>, pid: number): Promise<void> {
  const bare = measured.get('bare unnest') ?? [];
  const rows = [...measured].map(([name, results]) => {
    const ratios = results.map(
      (result, round) => result.rowsPerSecond / (bare[round]?.rowsPerSecond ?? 1),
    );
    return [
      name,
      {
        'rows/s': Math.round(median(results.map(({ rowsPerSecond }) => rowsPerSecond))),
        ratio: median(ratios).toFixed(2),
        'gateway CPU ms per 1,000': median(results.map(({ cpuMs }) => cpuMs)).toFixed(1),
      },
    ] as const;
  });
  console.table(Object.fromEntries(rows));
  const peak = /VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
  console.log(`ingest: peak memory of the gateway ${(Number(peak) / 1024).toFixed(0)} MiB`);
  console.log('ingest: budget is at least 0.50 x bare unnest inserts');
}

/** User and system time of a process so far. */
async function cpuMsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond) * 1000;
}

async function makeBuild(subject: Subject): Promise<string> {
  const operation = `mutation { recordBuild(input: {repository: {owner: "acme", name: "widgets"}, jobName: "bench",
    status: SUCCESS, number: 1, commitSha: "bench"}) { ... on RecordBuildPayload { build { databaseId } } } }`;
  const answer = await send(
    `${subject.url}/graphql`,
    subject,
    JSON.stringify({ query: operation }),
  );
  const id = /"databaseId":"([^"]+)"/.exec(answer)?.[1];
  if (id === undefined) throw new Error(answer);
  return id;
}

/** The body but for what tells batches apart: the load generator shares the machine with what it measures. */
const mutation = JSON.stringify({
  query: document,
  variables: {
    input: {
      buildId: '@BUILD@',
      results: Array.from({ length: rowsEach }, (_, test) => ({
        suite: 'suite',
        className: 'com.acme.WidgetTest',
        name: `keeps promise number ${String(test)}`,
        file: 'test/widget.test.ts',
        status: test % 100 === 0 ? 'FAILED' : 'PASSED',
        durationUs: 1000 * test,
        ...(test % 100 === 0 ? { message: 'expected 3 but was 2' } : {}),
        recordedAt: '@AT@',
      })),
    },
  },
});

async function mutate(subject: Subject, buildId: string, batch: number): Promise<void> {
  const recordedAt = new Date(firstAt + batch * 1000).toISOString();
  const body = mutation.replace('@BUILD@', buildId).replaceAll('@AT@', recordedAt);
  const answer = await send(`${subject.url}/graphql`, subject, body);
  if (!answer.includes(`"accepted":${String(rowsEach)}`)) throw new Error(answer.slice(0, 500));
}

const junit = `<testsuite name="suite">${Array.from({ length: rowsEach }, (_, test) => {
  const failure = test % 100 === 0 ? '<failure message="expected 3 but was 2"/>' : '';
  return `<testcase classname="com.acme.WidgetTest" name="keeps promise number ${String(test)}" file="test/widget.test.ts" time="0.${String(test)}">${failure}</testcase>`;
}).join('')}</testsuite>`;

async function upload(subject: Subject, batch: number): Promise<void> {
  const place = `repository=acme/widgets&job=bench-upload&number=${String(batch)}&commitSha=upload`;
  const answer = await send(`${subject.url}/api/v1/results?${place}`, subject, junit);
  if (!answer.includes(`"accepted":${String(rowsEach)}`)) throw new Error(answer.slice(0, 500));
}

const agent = new Agent({ keepAlive: true, maxSockets: connections });

async function send(url: string, { apiKey }: Subject, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` };
  const sending = request(url, { method: 'POST', agent, headers });
  sending.end(body);
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  return text(response);
}

/** What a loader without any of our rules would do: the rows as arrays, one statement a batch. */
function bareInserts({ pool }: Database, organizationId: string): Store {
  return async (batch) => {
    const tests = Array.from({ length: rowsEach }, (_, test) => test);
    await query(
      pool,
      sql`INSERT INTO test_results (organization_id, recorded_at, id, repository_id, test_case_id, build_id,
          attempt, status, status_raw, duration_us, message, branch, commit_sha, code_state)
        SELECT b.organization_id, said.at, said.id, b.repository_id, said.test, b.id, 1, said.status::test_status,
          said.status, said.duration, said.message, b.branch, b.commit_sha, b.commit_sha
        FROM unnest(
          ${tests.map((test) => `${(0x60000000 + batch).toString(16)}${String(test).padStart(16, '0')}`)}::text[],
          ${tests.map((test) => (test % 400).toString(16).padStart(24, '0'))}::text[],
          ${tests.map((test) => (test % 100 === 0 ? 'FAILED' : 'PASSED'))}::text[],
          ${tests.map((test) => String(1000 * test + batch))}::bigint[],
          ${tests.map((test) => (test % 100 === 0 ? 'expected 3 but was 2' : null))}::text[],
          ${tests.map(() => new Date(firstAt + batch * 1000).toISOString())}::timestamptz[]
        ) AS said (id, test, status, duration, message, at),
        (SELECT * FROM builds WHERE organization_id = ${organizationId}::uuid ORDER BY number LIMIT 1) b`,
    );
  };
}
