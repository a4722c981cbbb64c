import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { defaultFlakySettings } from '../../src/domain/flaky-settings.ts';
import { analyse } from '../../src/engine/analyse.ts';
import { judgeRecentFailures } from '../../src/engine/judge-again.ts';
import { rebuildAnalytics } from '../../src/engine/rebuild-analytics.ts';
import { analyticsEngine } from '../../src/jobs/analytics-engine.ts';
import { ingestClient, repository } from '../ingest/ingest-client.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import {
  daysOf,
  disruptionsOf,
  evidenceOf,
  type Fact,
  outagesOf,
  statesOf,
} from './engine-oracle.ts';
import { storedAnalytics } from './stored-analytics.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const begin = Date.parse('2026-05-01T00:00:00Z');
const now = new Date('2026-06-10T12:00:00Z');
const settings = {
  ...defaultFlakySettings,
  outageTests: 3,
  outagePercent: 60,
  statisticalResults: 4,
};
const tests = ['a', 'b', 'c', 'd'];

interface Run {
  readonly branch: string | null;
  readonly codeState: string | null;
  readonly isCancelled: boolean;
  readonly dayOfRun: number;
  readonly results: readonly { readonly test: string; readonly status: Fact['status'] }[];
}

const run: fc.Arbitrary<Run> = fc.record({
  branch: fc.constantFrom('main', 'main', 'main', 'dev', null),
  codeState: fc.constantFrom('t1', 't2', 't3', 't4', 't5', null),
  isCancelled: fc.constantFrom(false, false, false, true),
  dayOfRun: fc.integer({ min: 0, max: 39 }),
  results: fc.array(
    fc.record({
      test: fc.constantFrom(...tests),
      status: fc.constantFrom('PASSED', 'PASSED', 'PASSED', 'FAILED', 'ERRORED', 'SKIPPED'),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

/** Each result a minute after the one before, so that no two are at one time. */
function factsOf(runs: readonly Run[]): Fact[] {
  let minute = 0;
  return runs.flatMap(({ results, dayOfRun, ...rest }, index) =>
    results.map(({ test, status }) => {
      minute += 1;
      const at = begin + dayOfRun * 86_400_000 + minute * 60_000;
      return { ...rest, build: `build ${index}`, suite: 'suite', test, status, at };
    }),
  );
}

/** What is sent of a run: first that there is a build, then the rest in any order, perhaps again. */
function messagesOf(
  ingest: ReturnType<typeof ingestClient>,
  facts: readonly Fact[],
): (() => Promise<unknown>)[][] {
  const builds = [...new Set(facts.map(({ build }) => build))];
  return builds.map((jobName) => {
    const own = facts.filter(({ build }) => build === jobName);
    const [first] = own;
    const build = {
      id: randomUUID(),
      jobName,
      repository,
      status: 'IN_PROGRESS' as const,
      startedAt: new Date(first?.at ?? begin).toISOString(),
    };
    const resultOf = ({ test: name, suite, status, at }: Fact, index: number) => ({
      ...{ name, suite, status, attempt: index + 1 },
      durationUs: (at / 1_000) % 7_919,
      recordedAt: new Date(at).toISOString(),
    });
    const results = own.map(resultOf);
    const half = Math.ceil(results.length / 2);
    return [
      () => ingest.build(build),
      () =>
        ingest.build({
          ...build,
          branch: first?.branch ?? null,
          treeSha: first?.codeState ?? null,
          status: first?.isCancelled === true ? 'ABORTED' : 'SUCCESS',
        }),
      () => ingest.results({ buildId: build.id, results: results.slice(0, half) }),
      () => ingest.results({ buildId: build.id, results: results.slice(half) }),
      () => ingest.results({ buildId: build.id, results }),
    ];
  });
}

const histories = fc.record({
  runs: fc.array(run, { minLength: 1, maxLength: 12 }),
  order: fc.noShrink(fc.array(fc.nat(), { minLength: 60, maxLength: 60 })),
  atOnce: fc.integer({ min: 1, max: 5 }),
  settleEvery: fc.integer({ min: 1, max: 12 }),
});

test('analytics is what the definitions say of all results, whatever the order, and a rebuild changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ runs, order, atOnce, settleEvery }) => {
      const facts = factsOf(runs);
      const { organizationId, key } = await gateway.createOrganization();
      const messages = messagesOf(ingestClient(gateway, key), facts);
      const engine = analyticsEngine(gateway.db, () => now);
      for (const [announce] of messages) await announce?.();
      await gateway.db.prisma.flakySettings.create({
        data: { ...settings, organizationId, repositoryId: await repositoryOf(organizationId) },
      });

      const sends = messages
        .flatMap(([, ...rest]) => rest)
        .map((send, index) => ({ send, place: order[index] ?? 0 }))
        .sort((one, other) => one.place - other.place);
      for (let start = 0; start < sends.length; start += atOnce) {
        await Promise.all(sends.slice(start, start + atOnce).map(({ send }) => send()));
        if ((start / atOnce) % settleEvery === 0) await analyse(engine);
      }
      await analyse(engine);
      await judgeRecentFailures(engine);

      const stored = await storedAnalytics(gateway.db, organizationId);
      expect(sorted(stored.days)).toEqual(sorted(daysOf(facts)));
      expect(sorted(stored.outages)).toEqual(sorted(outagesOf(facts, settings)));
      expect(sorted(stored.evidence)).toEqual(sorted(evidenceOf(facts, settings)));
      expect(
        stored.disruptions.map(({ test: name, at }) => `${String(name)} ${String(at)}`).sort(),
      ).toEqual(disruptionsOf(facts, settings));
      expect(sorted(stored.states)).toEqual(sorted(statesOf(facts, settings, now.getTime())));

      await rebuildAnalytics(engine, organizationId, () => undefined);
      expect(await storedAnalytics(gateway.db, organizationId)).toEqual(stored);
    }),
    { numRuns: Number(process.env['ENGINE_RUNS'] ?? 12) },
  );
}, 300_000);

async function repositoryOf(organizationId: string): Promise<string> {
  const { id } = await gateway.db.prisma.repository.findFirstOrThrow({ where: { organizationId } });
  return id;
}

function sorted(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(Object.fromEntries(Object.entries(row).sort()))).sort();
}
