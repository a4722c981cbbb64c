import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { evidenceOf, flakyTestsOf, type Happening } from './flaky-oracle.ts';
import { storedEvidence, storedFlakyTests } from './flaky-rows.ts';
import { day, newOrganization, type Status, stored } from './tests-by-name.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

interface Step {
  readonly does: 'run' | 'merge' | 'unmerge';
  readonly test: string;
  readonly into: string;
  readonly status: Status;
  readonly state: string;
  readonly at: string;
}

const names = ['a', 'b', 'c', 'd'];
const step: fc.Arbitrary<Step> = fc.record({
  does: fc.constantFrom('run', 'run', 'merge', 'merge', 'unmerge'),
  test: fc.constantFrom(...names),
  into: fc.constantFrom(...names),
  status: fc.constantFrom('PASSED', 'FAILED'),
  state: fc.constantFrom('t1', 't2'),
  at: fc.integer({ min: 1, max: 20 }).map(day),
});

/** What must be stored after the steps, worked out at leisure. */
function oracle(steps: readonly Step[]) {
  const merges = new Map<string, string>();
  const chain = (name: string): string[] => {
    const next = merges.get(name);
    return next === undefined ? [name] : [name, ...chain(next)];
  };
  const runs: Happening[] = names.map((test) => ({
    test,
    state: 'start',
    status: 'PASSED',
    at: day(21),
  }));
  for (const { does, test: name, into, status, state, at } of steps) {
    if (does === 'run') runs.push({ test: name, state, status, at });
    if (does === 'unmerge') merges.delete(name);
    const isFree = !merges.has(name) && !chain(into).includes(name);
    if (does === 'merge' && isFree) merges.set(name, into);
  }
  const happenings = runs.map((each) => ({
    ...each,
    test: chain(each.test).at(-1) ?? '',
  }));
  const rows = names.map((name) => ({
    name,
    results: happenings
      .filter((each) => each.test === name)
      .map(({ at, status }) => `${at} ${status}`)
      .sort(),
  }));
  const seen = names
    .filter((name) => !merges.has(name))
    .map((name) => ({
      name,
      firstSeenAt: happenings
        .filter((each) => each.test === name)
        .map(({ at }) => at)
        .sort()[0],
    }));
  return { happenings, rows, seen, merged: [...merges.keys()] };
}

async function play(steps: readonly Step[]) {
  const organization = await newOrganization(gateway);
  const { organizationId, identity, run, idOf } = organization;
  for (const name of names) await run(name, 'PASSED', { at: day(21), state: 'start' });
  for (const { does, test: name, into, status, state, at } of steps) {
    if (does === 'run') await run(name, status, { at, state });
    if (does === 'unmerge') await identity.unmerge(await idOf(name));
    // Whether it may be merged or not: it is refused then.
    const input = { from: [await idOf(name)], into: await idOf(into) };
    if (does === 'merge') await identity.send('mergeTestCases', input);
  }
  return organizationId;
}

async function expectStored(organizationId: string, steps: readonly Step[]) {
  const { happenings, rows, seen, merged } = oracle(steps);
  const found = await stored(gateway, organizationId);
  expect(found.map(({ name, results }) => ({ name, results: results.toSorted() }))).toEqual(rows);
  expect(
    found
      .filter(({ name }) => !merged.includes(name))
      .map(({ name, firstSeenAt }) => ({ name, firstSeenAt })),
  ).toEqual(seen);
  expect(await storedEvidence(gateway.db, organizationId)).toEqual(evidenceOf(happenings));
  expect(await storedFlakyTests(gateway.db, organizationId)).toEqual(flakyTestsOf(happenings));
}

test('whatever is merged, unmerged and run, each result counts for the last of those its test was merged into', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      // The oracle counts equal runs once, the gateway each upload: times tell them apart.
      const distinct = steps.map((each, index) => ({
        ...each,
        at: each.at.replace('.000Z', `.${String(index).padStart(3, '0')}Z`),
      }));
      const apart = distinct.flatMap((each) => [
        { ...each, does: 'unmerge' as const },
        { ...each, does: 'unmerge' as const, test: each.into },
      ]);

      await expectStored(await play(distinct), distinct);
      await expectStored(await play([...distinct, ...apart]), [...distinct, ...apart]);
    }),
    { numRuns: 15 },
  );
}, 180_000);

test('merges, unmerges and results at once leave each result with its test', async () => {
  const { organizationId, run, idOf, identity } = await newOrganization(gateway);
  for (const name of names) await run(name, 'PASSED', { at: day(1) });
  const ids = new Map(
    await Promise.all(names.map(async (name) => [name, await idOf(name)] as const)),
  );
  const id = (name: string) => ids.get(name) ?? '';

  for (let round = 0; round < 4; round += 1) {
    await Promise.all(
      names.flatMap((name, index) => [
        run(name, 'PASSED', { at: day(2 + round) }),
        run(name, 'FAILED', { at: day(7 + round) }),
        identity.send('mergeTestCases', {
          from: [id(name)],
          into: id(names[(index + 1) % 4] ?? ''),
        }),
        identity.send('unmergeTestCase', { id: id(names[(index + 2) % 4] ?? '') }),
      ]),
    );
  }
  for (const name of names) await identity.unmerge(id(name));

  const found = await stored(gateway, organizationId);
  const evidence = await storedEvidence(gateway.db, organizationId);
  expect(found.map(({ results }) => results.length)).toEqual([9, 9, 9, 9]);
  expect(evidence.map(({ test: name, passed, failed }) => [name, passed, failed])).toEqual(
    names.map((name) => [name, 5, 4]),
  );
});
