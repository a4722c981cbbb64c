import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { errorCode } from './error-code.ts';
import { OperatorError } from './operator-error.ts';

export interface HttpServer {
  /** E.g. `http://127.0.0.1:4000`; an address that means "every interface" shows as localhost. */
  readonly url: string;
  /**
   * Stops accepting, lets requests in flight finish and ends event streams. Gives how many requests
   * were cut off because they were not done in time.
   */
  readonly drain: (patienceMs: number) => Promise<number>;
}

const sweepMs = 50;

/**
 * Serves HTTP on a port; 0 takes any free one.
 *
 * @throws {OperatorError} naming an address that is taken or not ours
 */
export async function listenHttp(
  listener: RequestListener,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<HttpServer> {
  const open = new Set<ServerResponse>();
  let isDraining = false;
  const server = createServer((request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    // With one header set, Node keeps those of writeHead() readable too, for isEventStream().
    response.setHeader('x-content-type-options', 'nosniff');
    if (isDraining) response.setHeader('connection', 'close');
    listener(request, response);
  });
  // Half an hour for a large upload over a slow line; the headers alone still have to be there within a minute.
  server.requestTimeout = 30 * 60_000;
  // Longer than load balancers keep an idle connection (60 s), else they meet one that we just closed.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(new OperatorError(listenProblem(error, `${host}:${port}`)));
    });
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const takenPort = typeof address === 'object' && address !== null ? address.port : port;

  return {
    url: `http://${shownHost(host)}:${takenPort}`,
    drain: async (patienceMs) => {
      isDraining = true;
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      for (const response of open) {
        if (!response.headersSent) response.setHeader('connection', 'close');
      }
      // A connection is idle a moment after its last response, and a stream may begin after this one.
      const sweep = setInterval(() => {
        server.closeIdleConnections();
        for (const response of open) if (isEventStream(response)) response.end();
      }, sweepMs);
      let cutOff = 0;
      const patience = setTimeout(() => {
        cutOff = open.size;
        server.closeAllConnections();
      }, patienceMs);
      await closed;
      clearInterval(sweep);
      clearTimeout(patience);
      return cutOff;
    },
  };
}

function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith('text/event-stream');
}

function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function listenProblem(error: Error, address: string): string {
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return `${address} is taken: stop what listens there, or set PORT to another port (0: any free one)`;
    case 'EACCES':
      return `${address} needs rights this user lacks: set PORT to 1024 or more`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${address} is no address of this machine: set HOST, e.g. to 127.0.0.1 or 0.0.0.0`;
    default:
      return `cannot listen on ${address}: ${error.message}`;
  }
}
