import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { cleanUp } from '../support/test-database.ts';

/** A webhook as it arrived. */
export interface Arrived {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answer = (response: ServerResponse) => void;

/** Gives an answer with a status, headers and a body. */
export function answering(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): Answer {
  return (response) => response.writeHead(status, headers).end(body);
}

/** Receives webhooks on a free port, and answers 204 unless told otherwise. */
export async function startHookReceiver() {
  const arrived: Arrived[] = [];
  let answer = answering(204);
  const server = createServer((request, response) => {
    text(request).then(
      (body) => {
        arrived.push({ headers: request.headers, body });
        answer(response);
      },
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // of a server that listens on TCP
  cleanUp(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${String(port)}/hook`,
    port,
    arrived,
    /** From now on. */
    answerWith: (next: Answer) => {
      answer = next;
    },
  };
}

const toleranceS = 300;

/** Whether a receiver that knows the secret may believe a webhook at that time: written from the standard's text. */
export function isGenuine({ headers, body }: Arrived, secret: string, at: Date): boolean {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    String(headers[`webhook-${name}`]),
  );
  if (Math.abs(Number(timestamp) - at.getTime() / 1000) > toleranceS) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key)
    .update(`${String(id)}.${String(timestamp)}.${body}`)
    .digest();
  return String(signatures)
    .split(' ')
    .map((signature) => Buffer.from(signature.replace('v1,', ''), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}
