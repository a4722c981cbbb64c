import { readFile, truncate } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../support/ensure-built.ts';
import { startProcess } from '../support/start-process.ts';
import { cleanUp } from '../support/test-database.ts';
import { checkout } from './checkout.ts';

beforeAll(ensureBuilt, 300_000);

const megabyte = 1024 * 1024;
const stored = {
  recordBuild: {
    __typename: 'RecordBuildPayload',
    created: true,
    build: { id: 'QnVpbGQ', databaseId: '0198c5a0-7a3e-7cc1-8f6e-2f5f8f1c2d3e' },
  },
};

/** Takes a build, and swallows what comes then; says how large the requests were. */
async function startSink() {
  const sizes: number[] = [];
  const server = createServer((asked, answer) => {
    const place = sizes.push(0) - 1;
    asked.on('data', (chunk: Buffer) => (sizes[place] = (sizes[place] ?? 0) + chunk.length));
    asked.once('end', () => {
      answer.writeHead(200, { 'content-type': 'application/json' });
      if (place === 0) answer.end(JSON.stringify({ data: stored }));
      // The second answer is held back: until it is there, the process can be looked at.
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { url: `http://127.0.0.1:${port}`, sizes };
}

test('a report of 400 MB is sent without being held in memory', async () => {
  const at = await checkout();
  const sink = await startSink();
  await truncate(await at.write('large.xml', ''), 400 * megabyte);

  const { pid } = startProcess(['report', '--junit', 'large.xml'], {
    cwd: at.dir,
    env: { BUILDATLAS_URL: sink.url, BUILDATLAS_API_KEY: 'a key' },
  });

  await expect.poll(() => sink.sizes[1], { timeout: 25_000 }).toBeGreaterThan(400 * megabyte);
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  expect(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024).toBeLessThan(250);
});
