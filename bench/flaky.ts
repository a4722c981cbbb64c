import { createDatabase } from '../src/db/client.ts';
import { runPass } from '../src/engine/run-pass.ts';
import { analyticsEngine } from '../src/jobs/analytics-engine.ts';
import { passOnRetryBound, randomFrom, simulatedTests, storeHistories } from './flake-histories.ts';
import { flakyRates } from './flaky-rates.ts';
import { judgedTests } from './judged-tests.ts';
import type { Subject } from './subject.ts';

const runs = 420;
const stable = 2_000;

/**
 * Simulates 14 days of 30 runs with one automatic retry, of tests that flake as often as real ones did and of stable ones
 * with real regressions, and one outage; prints which of them the engine calls flaky.
 */
export async function flaky({ databaseUrl, organizationId }: Subject): Promise<void> {
  const db = createDatabase(databaseUrl);
  const rates = flakyRates();
  const endsAt = new Date();
  const tests = simulatedTests(rates, stable, runs);
  const random = randomFrom(20_261_122);
  console.log(`flaky: ${String(runs)} runs of ${String(tests.length)} tests`);
  const repositoryId = await storeHistories(db, organizationId, {
    ...{ tests, runs, outageRun: 300, endsAt, random },
  });
  const engine = analyticsEngine(db, () => endsAt);
  while (await runPass(engine, organizationId));
  const judged = await judgedTests(db, organizationId, repositoryId);
  await db.close();

  const found = judged.filter(({ name, isProven }) => name.startsWith('flaky') && isProven);
  const wrong = judged.filter(({ name, state }) => name.startsWith('stable') && state === 'FLAKY');
  const bound = passOnRetryBound(rates, runs);
  console.log(
    `found ${percent(found.length / rates.length)} of ${String(rates.length)} flaky tests; one retry can show ${percent(bound)} ` +
      `(budget: at most 2 points less). Called flaky ${percent(wrong.length / stable)} of ${String(stable)} stable tests (budget: below 1 %).`,
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
