import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { analyse } from '../support/analyse.ts';
import { rebuildAnalytics } from '../../src/engine/rebuild-analytics.ts';
import { analyticsEngine } from '../../src/jobs/analytics-engine.ts';
import { ingestClient } from '../ingest/ingest-client.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { countedTotals, storedTotals } from './statistics-oracle.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const ids = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const begin = Date.parse('2026-05-01T00:00:00Z');
const ms = fc.constantFrom(null, 0, 1, 59_000, 60_000, 3_600_000);

const build = fc.record({
  kind: fc.constant('build' as const),
  id: fc.constantFrom(...ids),
  jobName: fc.constantFrom('unit', 'deploy'),
  repository: fc.constantFrom(null, { owner: 'acme', name: 'widgets' }),
  status: fc.constantFrom('QUEUED', 'IN_PROGRESS', 'SUCCESS', 'FAILURE', 'ABORTED'),
  startedAt: fc
    .integer({ min: 0, max: 40 })
    .map((minutes) => new Date(begin + minutes * 60_000).toISOString()),
  durationMs: ms,
  queueDurationMs: ms,
  agentLabels: fc.constantFrom([], ['linux'], ['x64', 'linux'], ['linux', 'x64']),
});
const stages = fc.record({
  kind: fc.constant('stages' as const),
  id: fc.constantFrom(...ids),
  stages: fc.uniqueArray(
    fc.record({
      order: fc.integer({ min: 0, max: 2 }),
      name: fc.constantFrom('compile', 'test', 'x'.repeat(512)),
      status: fc.constantFrom('IN_PROGRESS', 'SUCCESS', 'FAILURE', 'SKIPPED'),
      durationMs: ms,
    }),
    { selector: ({ order, name }) => `${order} ${name}`, maxLength: 4 },
  ),
});
const messages = fc.array(fc.record({ message: fc.oneof(build, stages), settles: fc.boolean() }), {
  minLength: 1,
  maxLength: 25,
});

test('totals are those of all builds and stages, whatever came in between, and a rebuild changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(messages, async (sent) => {
      const { organizationId, key } = await gateway.createOrganization();
      const ingest = ingestClient(gateway, key);
      const engine = analyticsEngine(gateway.db, () => new Date());
      for (const id of ids) {
        await ingest.build({
          id,
          jobName: 'unit',
          status: 'QUEUED',
          startedAt: new Date(begin).toISOString(),
        });
      }

      for (const { message, settles } of sent) {
        const { kind, id, ...said } = message;
        if (kind === 'build') await gateway.graphql(recordBuild, { input: { id, ...said } }, key);
        else await gateway.graphql(recordStages, { input: { buildId: id, ...said } }, key);
        if (settles) await analyse(engine);
      }
      await analyse(engine);

      const stored = await storedTotals(gateway.db, organizationId);
      expect(stored).toEqual(await countedTotals(gateway.db, organizationId));
      await rebuildAnalytics(engine, organizationId, () => undefined);
      expect(await storedTotals(gateway.db, organizationId)).toEqual(stored);
    }),
    { numRuns: 15 },
  );
}, 120_000);

const recordBuild = `mutation ($input: RecordBuildInput!) { recordBuild(input: $input) { __typename } }`;
const recordStages = `mutation ($input: RecordStagesInput!) { recordStages(input: $input) { __typename } }`;

test('a rebuild takes away totals of builds that are not there', async () => {
  const { organizationId } = await gateway.createOrganization();
  await gateway.db.pool.query(
    `INSERT INTO job_quarters VALUES ($1, $2, 'gone', '2026-05-01T00:00:00Z', 'SUCCESS', 1, 0, 0, '{}', '{}', '{}', '{}', '{}')`,
    [organizationId, randomUUID()],
  );

  await rebuildAnalytics(
    analyticsEngine(gateway.db, () => new Date()),
    organizationId,
    () => undefined,
  );

  expect(await storedTotals(gateway.db, organizationId)).toEqual([]);
});
