import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { median } from './median.ts';
import { type Load, measureRate } from './load.ts';
import type { Subject } from './subject.ts';

const document = `query NestedRead {
  builds(first: 20) { edges { node {
    id jobName number status durationMs startedAt branch commitSha
    stages(first: 5) { edges { node { name order status durationMs } } }
    testResults(first: 10) { edges { node { id status durationUs testCase { suite name } } } }
  } } }
}`;

const rounds = 3;
const seconds = 5;

/**
 * The nested read of the budget: 20 builds, each with 5 stages and 10 results with their test, against
 * one hand-written statement behind bare node:http. Both take turns, so that a noisy machine hits both.
 */
export async function nestedRead(options: Subject): Promise<void> {
  const bare = await startBareServer(options);
  const loads: Readonly<Record<'bare' | 'gateway', Load>> = {
    bare: { url: 'http://127.0.0.1:4599/', headers: {}, body: '{}' },
    gateway: {
      url: `${options.url}/graphql`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${options.apiKey}` },
      body: JSON.stringify({ query: document }),
    },
  };
  const rates = { bare: [] as number[], gateway: [] as number[] };
  const sizes = { bare: 0, gateway: 0 };
  try {
    for (const load of Object.values(loads)) await measureRate(load, 3); // warm up
    for (let round = 1; round <= rounds; round += 1) {
      for (const name of ['bare', 'gateway'] as const) {
        const { requestsPerSecond, bytes } = await measureRate(loads[name], seconds);
        rates[name].push(requestsPerSecond);
        sizes[name] = bytes;
        console.log(
          `round ${String(round)}  ${name.padEnd(8)} ${requestsPerSecond.toFixed(0)} requests/s`,
        );
      }
    }
  } finally {
    bare.kill();
  }

  const ratio = median(rates.gateway) / median(rates.bare);
  console.table({
    'bare node:http + SQL': { 'requests/s': Math.round(median(rates.bare)), bytes: sizes.bare },
    gateway: { 'requests/s': Math.round(median(rates.gateway)), bytes: sizes.gateway },
  });
  console.log(`nested read: ${ratio.toFixed(2)} x the bare limit (budget: at least 0.70)`);
}

async function startBareServer({ databaseUrl, organizationId }: Subject): Promise<ChildProcess> {
  const bare = fork(path.join(import.meta.dirname, 'bare-server.ts'), {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      ORGANIZATION_ID: organizationId,
      PORT: '4599',
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (bare.stdout !== null) await once(bare.stdout, 'data');
  return bare;
}
