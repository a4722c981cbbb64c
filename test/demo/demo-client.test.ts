import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createDemoClient } from '../../src/demo/demo-client.ts';

async function clientOf(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const { signal } = new AbortController();
  return createDemoClient({ url: `http://127.0.0.1:${port}/graphql`, apiKey: '', signal });
}

test('a request that the gateway cuts off is sent again', async () => {
  let requests = 0;
  const client = await clientOf((request, response) => {
    requests += 1;
    if (requests === 1) request.destroy();
    else response.end('{"data":{"invocations":{"edges":[]}}}');
  });

  const note = await client.findNote();

  expect(note).toBeNull();
  expect(requests).toBe(2);
});

test('a gateway that is not there is an error in the end', async () => {
  const client = await clientOf((request) => request.destroy());

  await expect(client.findNote()).rejects.toThrow('fetch failed');
});

test('a refusal and a reject are errors, and say why', async () => {
  const refusing = await clientOf((_request, response) => {
    response.end(
      '{"data":{"recordInvocation":{"__typename":"ForbiddenError","message":"needs INGEST"}}}',
    );
  });
  const rejecting = await clientOf((_request, response) => {
    response.end('{"data":{"recordInvocation":{"rejected":[{"index":3,"reason":"too long"}]}}}');
  });
  const note = { isComplete: true, endsAt: new Date(0) };

  await expect(refusing.writeNote(note)).rejects.toThrow('needs INGEST');
  await expect(rejecting.writeNote(note)).rejects.toThrow('too long');
});
