import { beforeAll, expect, test } from 'vitest';
import { expireWebhooks, sweepWebhooks } from '../../src/ingest/expire-webhooks.ts';
import { type Receiver, type Source, startReceiver } from './start-receiver.ts';

let receiver: Receiver;
let gitlab: Source;
beforeAll(async () => {
  receiver = await startReceiver();
  gitlab = await receiver.createSource('GITLAB');
});

let lastPipeline = 500;

function aPipeline() {
  lastPipeline += 1;
  return {
    object_kind: 'pipeline',
    object_attributes: { id: lastPipeline, iid: 1, status: 'success', ref: 'main' },
    project: { path_with_namespace: 'acme/widgets', web_url: 'https://gitlab.com/acme/widgets' },
  };
}

function sendToGitLab(body: string, { url, secret }: Source = gitlab, event = 'Pipeline Hook') {
  const headers = { 'x-gitlab-token': secret, 'x-gitlab-event': event, 'x-secret': 'hidden' };
  return fetch(`${url}?apiKey=hidden`, { method: 'POST', body, headers });
}

interface Answer {
  readonly id: string;
}

async function deliveryOf(response: Response) {
  const { id } = (await response.json()) as Answer;
  return (await receiver.deliveries()).find(({ databaseId }) => databaseId === id);
}

function redeliver(id: string, key?: string) {
  return receiver.graphql<{ redeliverWebhook: object }>(
    `mutation ($id: ID!) { redeliverWebhook(id: $id) { __typename
      ... on RedeliverWebhookPayload { delivery { databaseId status } } } }`,
    { id },
    key,
  );
}

test('a delivery is shown with what was sent, what became of it, and its build', async () => {
  const body = JSON.stringify(aPipeline());

  const response = await sendToGitLab(body);
  await receiver.settle();

  expect(response.status).toBe(200);
  expect(await deliveryOf(response)).toMatchObject({
    event: 'Pipeline Hook',
    status: 'PROCESSED',
    reason: null,
    attempts: 1,
    payload: body,
    payloadSizeBytes: body.length,
    source: { name: 'ours' },
    build: { jobName: 'acme/widgets' },
  });
});

test('secrets of headers and addresses are neither stored nor logged', async () => {
  const response = await sendToGitLab(JSON.stringify(aPipeline()));
  await receiver.settle();

  const delivery = await deliveryOf(response);
  expect(delivery?.headers).toMatchObject({ 'x-gitlab-event': 'Pipeline Hook' });
  expect(JSON.stringify(delivery)).not.toMatch(new RegExp(`hidden|${gitlab.secret}`));
  expect(JSON.stringify(receiver.logs())).not.toMatch(new RegExp(`hidden|${gitlab.secret}`));
});

test('a delivery that tells nothing is kept, and says why', async () => {
  const response = await sendToGitLab('{"object_kind":"push"}', gitlab, 'Push Hook');

  expect(await response.clone().json()).toMatchObject({ ignored: true });
  expect(await deliveryOf(response)).toMatchObject({ status: 'IGNORED', build: null });
});

test('a delivery that is read once more changes nothing, also when a later one ended the run otherwise', async () => {
  const { object_attributes: said, ...pipeline } = aPipeline();
  const failed = { ...said, status: 'failed', finished_at: '2026-03-02 10:05:00 UTC' };
  const passed = { ...said, status: 'success', finished_at: '2026-03-02 10:15:00 UTC' };
  const response = await sendToGitLab(JSON.stringify({ ...pipeline, object_attributes: failed }));
  await receiver.settle();
  await sendToGitLab(JSON.stringify({ ...pipeline, object_attributes: passed }));
  await receiver.settle();
  const before = await receiver.db.prisma.build.findMany();
  const delivery = await deliveryOf(response);

  const { data } = await redeliver(delivery?.databaseId ?? '');
  await receiver.settle();

  expect(data).toMatchObject({
    redeliverWebhook: { delivery: { databaseId: delivery?.databaseId, status: 'RECEIVED' } },
  });
  expect(await receiver.deliveries()).toContainEqual({ ...delivery, attempts: 2 });
  expect(await receiver.db.prisma.build.findMany()).toEqual(before);
});

test('another organization’s delivery cannot be read once more', async () => {
  const { key } = await receiver.createOrganization();
  const response = await sendToGitLab(JSON.stringify(aPipeline()));
  const { id } = (await response.json()) as Answer;

  const { data } = await redeliver(id, key);

  expect(data).toEqual({ redeliverWebhook: { __typename: 'NotFoundError' } });
});

test('a delivery that cannot be stored is marked as failed, and tried again when it is sent again', async () => {
  const ahead = '2090-01-01 00:00:00 UTC';
  const payload = aPipeline();
  const body = JSON.stringify({
    ...payload,
    object_attributes: { ...payload.object_attributes, created_at: ahead },
  });

  const first = await sendToGitLab(body);
  await receiver.settle();
  const second = await sendToGitLab(body);
  await receiver.settle();

  expect(second.status).toBe(200);
  expect(await deliveryOf(first)).toMatchObject({
    status: 'FAILED',
    attempts: 2,
    reason: expect.stringContaining('future') as string,
  });
});

test('a delivery whose job was lost is queued again', async () => {
  const response = await sendToGitLab(JSON.stringify(aPipeline()));
  await receiver.settle();
  const delivery = await deliveryOf(response);
  await receiver.db.pool.query(
    `UPDATE webhook_deliveries SET status = 'RECEIVED', received_at = now() - interval '2 minutes' WHERE id = $1`,
    [delivery?.databaseId],
  );

  await sweepWebhooks({ db: receiver.db, now: () => new Date() });
  await receiver.settle();

  expect(await receiver.deliveries()).toContainEqual({ ...delivery, attempts: 2 });
});

test('a delivery whose job is tried no more is queued again, but not during the last try', async () => {
  const response = await sendToGitLab(JSON.stringify(aPipeline()));
  await receiver.settle();
  const delivery = await deliveryOf(response);
  const { pool } = receiver.db;
  const sweep = () => sweepWebhooks({ db: receiver.db, now: () => new Date() });
  await pool.query(
    `UPDATE webhook_deliveries SET status = 'RECEIVED', received_at = now() - interval '2 minutes' WHERE id = $1`,
    [delivery?.databaseId],
  );
  await pool.query(
    `SELECT graphile_worker.add_job('process_webhook', run_at => now() + interval '1 day', job_key => $1)`,
    [`process_webhook:${delivery?.databaseId}`],
  );
  await pool.query(
    `UPDATE graphile_worker._private_jobs SET attempts = max_attempts, locked_at = now() WHERE key = $1`,
    [`process_webhook:${delivery?.databaseId}`],
  );

  await sweep();
  const { rowCount: keptCount } = await pool.query(
    `UPDATE graphile_worker._private_jobs SET locked_at = NULL WHERE key = $1 AND attempts = max_attempts`,
    [`process_webhook:${delivery?.databaseId}`],
  );
  await sweep();
  await receiver.settle();

  expect(keptCount).toBe(1);
  expect(await receiver.deliveries()).toContainEqual({ ...delivery, attempts: 2 });
});

test('deliveries are forgotten after as many days as uploads are kept', async () => {
  await sendToGitLab(JSON.stringify(aPipeline()));
  await receiver.settle();
  const inFiveDays = () => new Date(Date.now() + 5 * 86_400_000);

  await expireWebhooks({ db: receiver.db, now: inFiveDays }, 6);
  const kept = await receiver.deliveries();
  await expireWebhooks({ db: receiver.db, now: inFiveDays }, 4);

  expect(kept.length).toBeGreaterThan(0);
  expect(await receiver.deliveries()).toEqual([]);
});

test('a revoked source takes nothing more, and revoking again keeps the first time', async () => {
  const source = await receiver.createSource('GITLAB');
  const revoke = () =>
    receiver.graphql<{ revokeWebhookSource: { source: { revokedAt: string } } }>(
      `mutation ($input: RevokeWebhookSourceInput!) { revokeWebhookSource(input: $input) {
        ... on RevokeWebhookSourcePayload { source { revokedAt } } } }`,
      { input: { id: source.databaseId } },
    );

  const first = await revoke();
  const second = await revoke();
  const response = await sendToGitLab(JSON.stringify(aPipeline()), source);

  expect(response.status).toBe(401);
  expect(second.data).toEqual(first.data);
  expect(first.data?.revokeWebhookSource.source.revokedAt).toBeTruthy();
});

test('sources are made and revoked, and deliveries read again, with MANAGE alone', async () => {
  const { data } = await receiver.graphql<{ createApiKey: { secret: string } }>(
    `mutation { createApiKey(input: { name: "reader", capabilities: [READ, INGEST] }) {
      ... on CreateApiKeyPayload { secret } } }`,
  );
  const reader = data?.createApiKey.secret ?? '';

  const made = await receiver.graphql(
    'mutation { createWebhookSource(input: { provider: GITHUB, name: "x" }) { __typename } }',
    {},
    reader,
  );
  const read = await redeliver(gitlab.databaseId, reader);

  expect(made.data).toEqual({ createWebhookSource: { __typename: 'ForbiddenError' } });
  expect(read.data).toEqual({ redeliverWebhook: { __typename: 'ForbiddenError' } });
});

test('the secret of a source is shown once and stored sealed', async () => {
  const { secret, databaseId } = await receiver.createSource('GITHUB');

  const stored = await receiver.db.prisma.webhookSource.findFirstOrThrow({
    where: { id: databaseId },
  });

  expect(secret).toMatch(/^[0-9a-f]{40}$/);
  expect(Buffer.from(stored.sealedSecret).toString('latin1')).not.toContain(secret);
});
