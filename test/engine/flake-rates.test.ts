import { expect, test } from 'vitest';
import {
  passOnRetryBound,
  randomFrom,
  simulatedTests,
  storeHistories,
} from '../../bench/flake-histories.ts';
import { flakyRates } from '../../bench/flaky-rates.ts';
import { judgedTests } from '../../bench/judged-tests.ts';
import { analyse } from '../support/analyse.ts';
import { analyticsEngine } from '../../src/jobs/analytics-engine.ts';
import { startGateway } from '../support/start-gateway.ts';

const runs = 420;
const stable = 200;
const now = new Date('2026-06-15T00:00:00Z');

test('as many flaky tests are found as one retry can show, and hardly any stable one is called flaky', async () => {
  const gateway = await startGateway();
  // `npm run bench -- flaky` takes all of them.
  const rates = flakyRates().filter((_, index) => index % 3 === 0);
  const tests = simulatedTests(rates, stable, runs);

  const repositoryId = await storeHistories(gateway.db, gateway.organizationId, {
    ...{ tests, runs, endsAt: now, outageRun: 300, random: randomFrom(20_261_122) },
  });
  await analyse(analyticsEngine(gateway.db, () => now));

  const judged = await judgedTests(gateway.db, gateway.organizationId, repositoryId);
  const found = judged.filter(({ name, isProven }) => name.startsWith('flaky') && isProven);
  const wrong = judged.filter(({ name, state }) => name.startsWith('stable') && state === 'FLAKY');
  expect(found.length / rates.length).toBeGreaterThanOrEqual(passOnRetryBound(rates, runs) - 0.02);
  expect(wrong.length / stable).toBeLessThan(0.01);
}, 300_000);
