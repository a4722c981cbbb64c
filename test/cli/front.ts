import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cleanUp } from '../support/test-database.ts';

/** What a server in front of the gateway does with a request: an HTTP status, or not to answer, or to hang up. */
export type Fault = number | 'silence' | 'hang up';

export interface Front {
  readonly url: string;
  /** How many requests have come. */
  readonly requests: () => number;
}

/** Starts a server that treats the first requests as told, and leads the others to the gateway. */
export async function startFront(gatewayUrl: string, faults: readonly Fault[]): Promise<Front> {
  let count = 0;
  const server = createServer((asked, answer) => {
    const fault = faults[count];
    count += 1;
    if (fault === undefined) passOn(gatewayUrl, asked, answer);
    else if (typeof fault === 'number') refuse(fault, asked, answer);
    else if (fault === 'hang up') asked.socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { url: `http://127.0.0.1:${port}`, requests: () => count };
}

/** Tells more than a reporter should believe, and to wait for a second. */
function refuse(status: number, asked: IncomingMessage, answer: ServerResponse): void {
  asked.resume().once('end', () => {
    answer.writeHead(status, { 'content-type': 'text/html', 'retry-after': '1' });
    answer.end(`<html>${asked.headers.authorization ?? ''}</html>`);
  });
}

function passOn(gatewayUrl: string, asked: IncomingMessage, answer: ServerResponse): void {
  const { method, headers, url } = asked;
  const onward = request(new URL(url ?? '', gatewayUrl), { method, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  asked.pipe(onward);
}
