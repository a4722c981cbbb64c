import { beforeAll, expect, test, vi } from 'vitest';
import { pino } from 'pino';
import { readEvents } from '../../src/client/read-events.ts';
import { startJobs } from '../../src/jobs/start-jobs.ts';
import { webhookReader } from '../../src/webhooks/webhook-reader.ts';
import { newOrganization } from '../ingest/tests-by-name.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { cleanUp } from '../support/test-database.ts';
import { isGenuine, startHookReceiver } from './hook-receiver.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { OUTGOING_ALLOW_HOSTS: '127.0.0.1' } });
});

/** What is long past makes no test flaky. */
const lately = { at: new Date().toISOString() };

const patience = { timeout: 20_000, interval: 50 };

/** Opens a stream of `flakyTestChanged`; when this resolves, the gateway listens. */
async function hear(key: string, repositoryId: string | null) {
  const leaving = new AbortController();
  const { body } = await fetch(new URL('/graphql', gateway.url), {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      query: `subscription($repositoryId: ID) { flakyTestChanged(repositoryId: $repositoryId) {
        before after rule testCase { name } flakyTest { state } } }`,
      variables: { repositoryId },
    }),
    signal: leaving.signal,
  });
  if (body === null) throw new Error('no event stream');
  const heard: unknown[] = [];
  const read = async (): Promise<void> => {
    for await (const { name, data } of readEvents(body)) {
      if (name === 'next') heard.push(JSON.parse(data));
    }
  };
  read().catch((error: unknown) => {
    if (!leaving.signal.aborted) heard.push(error);
  });
  cleanUp(() => {
    leaving.abort();
    return Promise.resolve();
  });
  return heard;
}

test('who subscribed hears which test became flaky, and of no other repository or organization', async () => {
  const { key, run } = await newOrganization(gateway);
  const other = await newOrganization(gateway);
  await run('shaky', 'PASSED', lately);
  await other.run('foreign', 'PASSED', lately);
  const repository = await gateway.graphql<{ repositories: { nodes: { id: string }[] } }>(
    '{ repositories { nodes { id } } }',
    {},
    key,
  );
  const ofRepository = await hear(key, repository.data?.repositories.nodes[0]?.id ?? null);
  const ofAll = await hear(key, null);
  await other.run('foreign', 'FAILED', lately);

  await run('shaky', 'FAILED', lately);
  await gateway.settleAnalytics();

  const change = {
    before: 'HEALTHY',
    after: 'FLAKY',
    rule: 'EVIDENCE',
    testCase: { name: 'shaky' },
    flakyTest: { state: 'FLAKY' },
  };
  for (const heard of [ofRepository, ofAll]) {
    await vi.waitFor(() => {
      expect(heard).toEqual([{ data: { flakyTestChanged: change } }]);
    }, patience);
  }
});

test("another organization's repository cannot be subscribed to", async () => {
  const { key } = await newOrganization(gateway);
  const other = await newOrganization(gateway);
  await other.run('foreign', 'PASSED', lately);
  const { id } = await gateway.db.prisma.repository.findFirstOrThrow({
    where: { organizationId: other.organizationId },
  });

  const heard = await hear(key, id);

  await vi.waitFor(() => {
    expect(JSON.stringify(heard)).toContain('NOT_FOUND');
  }, patience);
});

test('a gateway tells an endpoint in the background which test became flaky', async () => {
  const { key, run, idOf } = await newOrganization(gateway);
  const receiver = await startHookReceiver();
  const made = await gateway.graphql<{ answer: { secret: string } }>(
    `mutation($url: String!) { answer: createWebhookEndpoint(input: { url: $url, events: [FLAKY_TEST_STATE_CHANGED] }) {
      ... on CreateWebhookEndpointPayload { secret } } }`,
    { url: receiver.url },
    key,
  );
  const { db, uploads, secrets, outgoing } = gateway;
  const log = pino({ enabled: false });
  const jobs = await startJobs({ db, log, uploads, webhooks: webhookReader, secrets, outgoing });
  cleanUp(jobs.stop);

  await run('shaky', 'PASSED', lately);
  await run('shaky', 'FAILED', lately);

  await vi.waitFor(() => {
    expect(receiver.arrived).toHaveLength(1);
  }, patience);
  const [arrived] = receiver.arrived;
  if (arrived === undefined) throw new Error('nothing arrived');
  expect(isGenuine(arrived, made.data?.answer.secret ?? '', new Date())).toBe(true);
  expect(JSON.parse(arrived.body)).toMatchObject({
    type: 'flaky_test.state_changed',
    data: {
      repository: { name: 'acme/widgets' },
      testCase: { id: await idOf('shaky'), name: 'shaky' },
      before: 'HEALTHY',
      after: 'FLAKY',
      rule: 'EVIDENCE',
    },
  });
});
