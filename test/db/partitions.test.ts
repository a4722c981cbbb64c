import pg from 'pg';
import { expect, test } from 'vitest';
import { createPartitions } from '../../src/db/partitions.ts';
import { cleanUp, migratedDatabase } from '../support/test-database.ts';

test('many gateways that need the same new month at once all get it', async () => {
  const pool = new pg.Pool({ connectionString: await migratedDatabase(), max: 8 });
  cleanUp(() => pool.end());
  const now = new Date('2031-12-15T00:00:00Z');
  const gateways = Array.from({ length: 8 }, () => createPartitions(pool, () => now));
  const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2031, month, 15)));

  const ensured = months.map((month) => gateways.map((gateway) => gateway.ensure([month])));

  await expect(Promise.all(ensured.flat())).resolves.toHaveLength(96);
});
