import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanUp } from './test-database.ts';

export interface Forward {
  readonly port: number;
  readonly to: { readonly hostname: string; readonly port: number };
  /** Until then the port refuses. */
  readonly afterMs: number;
}

/** Opens a port, some time from now, that leads to another. */
export async function forwardTo({ port, to, afterMs }: Forward): Promise<void> {
  const server = createServer((socket) => {
    const onward = connect(to.port, to.hostname);
    socket.pipe(onward).pipe(socket);
    for (const end of [socket, onward]) {
      end.on('error', () => {
        socket.destroy();
        onward.destroy();
      });
    }
  });
  cleanUp(
    () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  );
  await sleep(afterMs);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
}
