import { request } from 'node:http';
import { expect } from 'vitest';
import { spooledFiles } from './spooled-files.ts';
import type { TestGateway } from './start-gateway.ts';

/** Begins to send a body, waits until the gateway has something of it on disk, and hangs up. */
export async function hangUp(
  gateway: TestGateway,
  path: string,
  contentType: string,
  beginning: string,
): Promise<void> {
  const sending = request(new URL(path, gateway.url), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gateway.key}`,
      'content-type': contentType,
      'content-length': 10_000_000,
    },
  });
  sending.on('error', () => undefined); // we hang up ourselves
  sending.write(beginning);
  await expect.poll(() => spooledFiles(gateway)).not.toEqual([]);
  sending.destroy();
}

/** Sends headers alone, no body after them, and gives the status of the answer and its body. */
export async function sendHeaders(
  url: URL,
  headers: Readonly<Record<string, string | number>>,
): Promise<{ status: number; body: string }> {
  const sending = request(url, { method: 'POST', headers });
  sending.flushHeaders();
  try {
    return await new Promise((resolve, reject) => {
      sending.once('error', reject);
      sending.once('response', (response) => {
        let body = '';
        response.on('data', (chunk) => (body += String(chunk)));
        response.once('end', () => {
          resolve({ status: response.statusCode ?? 0, body });
        });
      });
    });
  } finally {
    sending.destroy();
  }
}
