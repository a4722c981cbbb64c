import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { vi } from 'vitest';
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

/** Whether a receiver that knows the secret may believe a webhook at that time, as the library of the standard has it. */
export function isGenuine({ headers, body }: Arrived, secret: string, at: Date): boolean {
  vi.useFakeTimers({ toFake: ['Date'], now: at }); // the library asks no other clock
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  } finally {
    vi.useRealTimers();
  }
}
