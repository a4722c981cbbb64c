import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

const patienceMs = 1000;

/**
 * Ends a pool through `end` and waits until its sessions are over: `pool.end()` alone resolves before,
 * and a Postgres that is stopped then reports them as broken.
 */
export async function endSessions(pool: pg.Pool, end: () => Promise<void>): Promise<void> {
  let open = pool.totalCount;
  const over = new Promise<void>((resolve) => {
    pool.on('remove', () => {
      open -= 1;
      if (open === 0) resolve();
    });
  });
  const isEmpty = open === 0;
  await end();
  if (!isEmpty) await Promise.race([over, sleep(patienceMs, undefined, { ref: false })]);
}
