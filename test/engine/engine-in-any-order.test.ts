import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { noteTestCases } from '../../src/db/note-analytics.ts';
import { defaultFlakySettings } from '../../src/domain/flaky-settings.ts';
import { analyse } from '../support/analyse.ts';
import { judgeDueTests, judgeRecentFailures } from '../../src/engine/judge-again.ts';
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
  /** All results are of one moment, as reports without times have it. */
  readonly isOfOneMoment: boolean;
  readonly results: readonly Pick<Fact, 'test' | 'status' | 'isExcluded'>[];
}

const run: fc.Arbitrary<Run> = fc.record({
  branch: fc.constantFrom('main', 'main', 'main', 'dev', null),
  codeState: fc.constantFrom('t1', 't2', 't3', 't4', 't5', null),
  isCancelled: fc.constantFrom(false, false, false, true),
  dayOfRun: fc.integer({ min: 0, max: 39 }),
  isOfOneMoment: fc.boolean(),
  results: fc.array(
    fc.record({
      test: fc.constantFrom(...tests),
      status: fc.constantFrom('PASSED', 'PASSED', 'PASSED', 'FAILED', 'ERRORED', 'SKIPPED'),
      isExcluded: fc.constantFrom(false, false, false, false, false, true),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

/** Each run, and each result unless the run is of one moment, a minute after the one before. */
function factsOf(runs: readonly Run[]): Fact[] {
  let minute = 0;
  return runs.flatMap(({ results, dayOfRun, isOfOneMoment, ...rest }, index) => {
    minute += 1;
    return results.map((result, place) => {
      if (!isOfOneMoment) minute += 1;
      const at = begin + dayOfRun * 86_400_000 + minute * 60_000;
      return {
        ...rest,
        ...result,
        build: `build ${index}`,
        suite: 'suite',
        attempt: place + 1,
        at,
      };
    });
  });
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
    const resultOf = ({ test: name, suite, status, at, attempt }: Fact) => ({
      ...{ name, suite, status, attempt },
      durationUs: ((at / 1_000) % 7_919) + attempt,
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
      const earlier = analyticsEngine(gateway.db, () => new Date(now.getTime() - 10 * 86_400_000));
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
        if ((start / atOnce) % 3 === 1) await askAnew(organizationId);
        if ((start / atOnce) % settleEvery === 0) await analyse(earlier);
      }
      await excludeAndInclude(organizationId, key, facts);
      await analyse(earlier);
      await judgeDueTests(engine);
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
    { numRuns: Number(process.env['ENGINE_RUNS'] ?? 20) },
  );
}, 300_000);

/** While results wait to be taken in. */
async function askAnew(organizationId: string): Promise<void> {
  const asked = await gateway.db.prisma.testCase.findMany({ where: { organizationId }, take: 2 });
  await noteTestCases(
    gateway.db.pool,
    organizationId,
    asked.map(({ id }) => id),
  );
}

/** Excludes what is excluded in the end, and some results that count again in the end. */
async function excludeAndInclude(
  organizationId: string,
  key: string,
  facts: readonly Fact[],
): Promise<void> {
  const included = facts.filter(({ isExcluded }, index) => !isExcluded && index % 3 === 0);
  const excluded = facts.filter(({ isExcluded }) => isExcluded);
  const idsOf = async (some: readonly Fact[]): Promise<string[]> => {
    const found = await gateway.db.prisma.testResult.findMany({
      where: { organizationId, recordedAt: { in: some.map(({ at }) => new Date(at)) } },
      include: { build: true, testCase: true },
    });
    return some.flatMap(({ build, test, at, status, attempt }) =>
      found
        .filter((each) => each.build?.jobName === build && each.testCase.name === test)
        .filter((each) => each.recordedAt.getTime() === at && each.status === status)
        .filter((each) => each.attempt === attempt)
        .map(({ id }) => id),
    );
  };
  const say = async (verb: string, resultIds: string[], more = ''): Promise<void> => {
    if (resultIds.length === 0) return;
    const { data, errors } = await gateway.graphql<{ answer: { results?: unknown[] } }>(
      `mutation ($ids: [ID!]!) { answer: ${verb}(input: { resultIds: $ids ${more} }) {
        ... on Error { message } ... on ${verb.replace(/^./, (first) => first.toUpperCase())}Payload { results { id } } } }`,
      { ids: resultIds },
      key,
    );
    expect([errors, data?.answer.results?.length]).toEqual([undefined, resultIds.length]);
  };
  await say('excludeResults', await idsOf([...excluded, ...included]), 'reason: "test"');
  if (facts.length % 2 === 0) await analyse(analyticsEngine(gateway.db, () => now));
  await say('includeResults', await idsOf(included));
}

async function repositoryOf(organizationId: string): Promise<string> {
  const { id } = await gateway.db.prisma.repository.findFirstOrThrow({ where: { organizationId } });
  return id;
}

function sorted(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(Object.fromEntries(Object.entries(row).sort()))).sort();
}
