import { createHmac, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import { sweepWebhooks } from '../../src/ingest/expire-webhooks.ts';
import { type Receiver, type Source, startReceiver } from './start-receiver.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});

function aPipeline(id: number, status: string, finishedAt: string) {
  return {
    object_kind: 'pipeline',
    object_attributes: {
      ...{ id, iid: id, status, ref: 'main', sha: 'a'.repeat(40) },
      created_at: '2026-03-02 10:00:00 UTC',
      finished_at: finishedAt,
    },
    project: { path_with_namespace: 'acme/widgets', web_url: 'https://gitlab.com/acme/widgets' },
  };
}

function sendToGitLab({ url, secret }: Source, payload: object) {
  const headers = { 'x-gitlab-token': secret, 'x-gitlab-event': 'Pipeline Hook' };
  return fetch(url, { method: 'POST', body: JSON.stringify(payload), headers });
}

test.each([
  ['in order', 0],
  ['late', 1],
])(
  'a pipeline whose jobs were run again ends as it ended last, though the first end comes %s',
  async (_, isLate) => {
    const source = await receiver.createSource('GITLAB');
    const id = 9_000 + isLate;
    const ends = [
      aPipeline(id, 'failed', '2026-03-02 10:05:00 UTC'),
      aPipeline(id, 'success', '2026-03-02 10:15:00 UTC'),
    ];

    for (const end of isLate === 1 ? ends.toReversed() : ends) {
      await sendToGitLab(source, end);
      await receiver.settle();
    }

    const build = await receiver.db.prisma.build.findFirst({
      where: { externalRunId: String(id) },
    });
    expect(build).toMatchObject({
      status: 'SUCCESS',
      completedAt: new Date('2026-03-02T10:15:00Z'),
    });
  },
);

test('a signed request that is sent again as another delivery is the one it was', async () => {
  const { url, secret } = await receiver.createSource('GITHUB');
  const body = JSON.stringify({ zen: 'Keep it logically awesome.', hook_id: 1 });
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const send = async () => {
    const headers = {
      'x-github-event': 'ping',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': signature,
    };
    const response = await fetch(url, { method: 'POST', body, headers });
    return (await response.json()) as { readonly id: string };
  };

  const [first, second] = [await send(), await send()];

  expect(second.id).toBe(first.id);
});

test('an agent of TeamCity that comes back is online again', async () => {
  const { url, secret } = await receiver.createSource('TEAMCITY');
  const send = async (eventType: string) => {
    const body = JSON.stringify({
      eventType,
      payload: { name: 'agent-7', webUrl: 'https://teamcity.example/agentDetails.html?id=7' },
    });
    await fetch(`${url}?token=${secret}`, { method: 'POST', body });
    await receiver.settle();
  };
  await send('AGENT_REGISTRED');
  await send('AGENT_UNREGISTERED');
  await receiver.db.pool
    .query(`UPDATE webhook_deliveries SET delivery_key = delivery_key || ' before'
    WHERE provider = 'TEAMCITY'`); // a minute has passed
  await send('AGENT_REGISTRED');

  const agent = await receiver.db.prisma.agent.findFirst({ where: { name: 'agent-7' } });
  expect(agent?.status).toBe('ONLINE');
});

test('a delivery whose job has used up its tries is queued again', async () => {
  const source = await receiver.createSource('GITLAB');
  const response = await sendToGitLab(
    source,
    aPipeline(9_100, 'success', '2026-03-02 10:15:00 UTC'),
  );
  const { id } = (await response.json()) as { readonly id: string };
  await receiver.settle();
  await receiver.db.pool.query(
    `UPDATE webhook_deliveries SET status = 'RECEIVED', received_at = now() - interval '2 hours' WHERE id = $1`,
    [id],
  );
  await receiver.db.pool.query(
    `SELECT graphile_worker.add_job('read_webhook_dead', '{}'::json, job_key => 'process_webhook:' || $1)`,
    [id],
  );
  await receiver.db.pool.query(
    `UPDATE graphile_worker._private_jobs SET attempts = max_attempts WHERE key = 'process_webhook:' || $1`,
    [id],
  );

  await sweepWebhooks({ db: receiver.db, now: () => new Date() });
  await receiver.settle();

  expect((await receiver.deliveries()).find(({ databaseId }) => databaseId === id)).toMatchObject({
    status: 'PROCESSED',
  });
});

test('bodies of strangers are not kept in memory', async () => {
  const { port } = new URL(receiver.url);
  const sizeBytes = 20 * 1024 * 1024;
  const before = process.memoryUsage().arrayBuffers;

  const sockets = Array.from({ length: 10 }, () => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST /webhooks/github/${randomUUID()} HTTP/1.1\r\nhost: x\r\ncontent-length: ${sizeBytes}\r\n\r\n`,
    );
    socket.write(Buffer.alloc(sizeBytes - 1));
    return socket;
  });
  await new Promise((resolve) => setTimeout(resolve, 2_000));

  const grown = process.memoryUsage().arrayBuffers - before;
  for (const socket of sockets) socket.destroy();
  // What the sockets have not taken yet is the client's, in this very process: far from 200 MB in all.
  expect(grown).toBeLessThan(10 * sizeBytes * 1.5);
});
