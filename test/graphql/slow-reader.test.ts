import { type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { readEvents } from '../../src/client/read-events.ts';
import { buildsChannel } from '../../src/ingest/notify-build.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { record, startRepository } from './hear-builds.ts';

const labels = (from: number) =>
  Array.from({ length: 6 }, (_, index) => `a${from + index}: agentLabels`).join(' ');

/** Opens a stream of large events, and reads nothing of it yet. */
function openUnread(gateway: TestGateway, id: string, key: string): Promise<IncomingMessage> {
  const query = `subscription($id: ID!) { buildUpdated(repositoryId: $id) { number ${labels(0)} } }`;
  return new Promise((resolve, reject) => {
    const asking = request(new URL('/graphql', gateway.url), {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
      },
    });
    asking.once('error', reject);
    asking.once('response', resolve);
    asking.end(JSON.stringify({ query, variables: { id } }));
  });
}

/** Reads on, and counts the events up to that of the build with this number. */
async function countEvents(stream: IncomingMessage, untilNumber: number): Promise<number> {
  let count = 0;
  // Node's types know two web streams; at run time there is one.
  const body = Readable.toWeb(stream) as unknown as ReadableStream<Uint8Array>;
  for await (const { name, data } of readEvents(body)) {
    if (name !== 'next') continue;
    count += 1;
    if (data.includes(`"number":${untilNumber},`)) return count;
  }
  throw new Error(`the stream ended after ${count} events`);
}

test('a reader who does not read costs no memory, and misses the oldest changes', async () => {
  const gateway = await startGateway();
  const { key, id, organizationId } = await startRepository(gateway);
  const agentLabels = Array.from({ length: 100 }, () => 'x'.repeat(500));
  await record(gateway, key, { number: 7, agentLabels });
  const build = await gateway.db.prisma.build.findFirstOrThrow({ where: { number: 7 } });
  const change = { organizationId, repositoryId: build.repositoryId, buildId: build.id };
  const stream = await openUnread(gateway, id, key);
  const before = process.memoryUsage().rss;

  // 1,000 events of 300 kB. They differ in a field that nobody reads: equal ones would be one.
  await gateway.db.pool.query(
    `SELECT pg_notify($1, ($2::jsonb || jsonb_build_object('n', n))::text)
      FROM generate_series(1, 1000) n`,
    [buildsChannel, JSON.stringify(change)],
  );
  let reads = -1;
  await vi.waitFor(
    () => {
      const seen = reads;
      reads = gateway.statements().length;
      expect(reads).toBe(seen); // no build is read for an event that nobody takes
    },
    { timeout: 20_000, interval: 500 },
  );
  const grownMebibytes = (process.memoryUsage().rss - before) / 1024 / 1024;
  await record(gateway, key, { number: 8 });

  expect(reads).toBeLessThan(500);
  expect(grownMebibytes).toBeLessThan(150);
  const count = await countEvents(stream, 8);
  expect(count).toBeGreaterThanOrEqual(256);
  expect(count).toBeLessThan(500);
  await vi.waitFor(() => {
    expect(gateway.openSubscriptions()).toBe(0);
  });
}, 60_000);
