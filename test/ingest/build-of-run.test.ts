import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { RecordBuildInput } from '../generated/graphql.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { aBuild, type IngestClient, ingestClient } from './ingest-client.ts';

let gateway: TestGateway;
let ingest: IngestClient;
beforeAll(async () => {
  gateway = await startGateway();
  ingest = ingestClient(gateway);
});

interface Reporters {
  readonly run: string;
  /** Says what the CI's webhook says: it knows the run alone. */
  readonly webhook: RecordBuildInput;
  /** Says what a client says that chooses its build's id. */
  readonly leg: () => RecordBuildInput;
}

function aRun(): Reporters {
  const run = String(Math.floor(Math.random() * 1e12));
  const said = aBuild({ id: null, externalRunId: run, source: 'github', number: 7 });
  return {
    run,
    webhook: { ...said, source: 'github-actions', instance: 'https://github.com/acme/w/ci.yml' },
    leg: () => ({ ...said, id: randomUUID(), instance: 'acme/w' }),
  };
}

async function buildsOf(run: string) {
  return gateway.db.prisma.build.findMany({ where: { externalRunId: run } });
}

test('a run reported by a client and then by a webhook is one build', async () => {
  const { run, webhook, leg } = aRun();
  const sent = leg();

  const first = await ingest.build(sent);
  const second = await ingest.build({ ...webhook, triggeredBy: 'octocat' });

  expect(second.build.databaseId).toBe(first.build.databaseId);
  expect(await buildsOf(run)).toMatchObject([{ id: sent.id, triggeredBy: 'octocat' }]);
});

test('a run reported by a webhook and then by a client is one build, known by the id of both', async () => {
  const { run, webhook, leg } = aRun();
  const sent = leg();

  const first = await ingest.build(webhook);
  const second = await ingest.build(sent);
  const stages = [{ order: 0, name: 'compile', status: 'SUCCESS' }] as const;
  const { accepted } = await ingest.stages({ buildId: sent.id ?? '', stages: [...stages] });

  expect(second.build.databaseId).toBe(first.build.databaseId);
  expect(accepted).toBe(1);
  expect(await buildsOf(run)).toHaveLength(1);
});

test.each([
  ['webhook, leg, leg', ['webhook', 'one', 'two']],
  ['leg, webhook, leg', ['one', 'webhook', 'two']],
  ['leg, leg, webhook', ['one', 'two', 'webhook']],
  ['all of them, repeated', ['one', 'webhook', 'two', 'webhook', 'one', 'two']],
] as const)('two legs of one run are two builds, webhook or not: %s', async (_name, order) => {
  const { run, webhook, leg } = aRun();
  const messages = { webhook, one: leg(), two: leg() };

  for (const name of order) await ingest.build(messages[name]);

  expect(await buildsOf(run)).toHaveLength(2);
});

test('a webhook and two legs at once are two builds, ten times over', async () => {
  const runs = Array.from({ length: 10 }, aRun);

  await Promise.all(
    runs.flatMap(({ webhook, leg }) => [leg(), webhook, leg(), webhook].map(ingest.build)),
  );

  const counts = await Promise.all(runs.map(async ({ run }) => (await buildsOf(run)).length));
  expect(counts).toEqual(runs.map(() => 2));
});

test.each([
  ['the job first', ['job', 'run', 'job', 'run']],
  ['the run first', ['run', 'job', 'run', 'job']],
  ['with a client', ['job', 'leg', 'run', 'job', 'leg', 'run']],
] as const)(
  'webhooks about jobs of a run, which do not know its workflow, mean the run: %s',
  async (_name, order) => {
    const { run, webhook, leg } = aRun();
    const messages = { run: webhook, job: { ...webhook, instance: null }, leg: leg() };

    for (const name of order) await ingest.build(messages[name]);

    expect(await buildsOf(run)).toMatchObject([
      { instance: expect.stringMatching(/widgets|acme/) as string },
    ]);
  },
);

test('builds of one number of different Jenkins jobs stay apart', async () => {
  const { run, webhook, leg } = aRun();
  const jenkins = { source: 'jenkins', instance: null };

  await ingest.build({ ...leg(), ...jenkins });
  await ingest.build({ ...webhook, ...jenkins, jobName: 'nightly' });
  await ingest.build({ ...webhook, ...jenkins, jobName: 'release' });

  expect(await buildsOf(run)).toHaveLength(3);
});

test('runs of one number in different repositories or CI systems stay apart', async () => {
  const { run, webhook, leg } = aRun();

  await ingest.build(webhook);
  await ingest.build({ ...leg(), repository: { owner: 'acme', name: 'other' } });
  await ingest.build({ ...leg(), source: 'gitlab' });

  expect(await buildsOf(run)).toHaveLength(3);
});

test('the id of a build that is known by its run follows from the run', async () => {
  const { webhook } = aRun();
  const other = await startGateway();

  const here = await ingest.build(webhook);
  const there = await ingestClient(other).build(webhook);

  expect(here.build.databaseId).toBe(there.build.databaseId);
});
