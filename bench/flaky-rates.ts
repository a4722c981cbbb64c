import { readFileSync } from 'node:fs';

const table = new URL('../test/fixtures/flakiness/flaky-tests.csv', import.meta.url);

/** How often 515 flaky tests of real projects failed in about 10,000 reruns on one code (FlakeFlagger, ICSE 2021). */
export function flakyRates(): number[] {
  const [, ...rows] = readFileSync(table, 'utf8').trim().split('\n');
  return rows.map((row) => {
    const [failing, passing] = row.split(',').slice(-2).map(Number);
    return (failing ?? 0) / ((failing ?? 0) + (passing ?? 0));
  });
}
