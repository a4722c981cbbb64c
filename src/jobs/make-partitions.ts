import type { Database } from '../db/client.ts';
import { createPartitions } from '../db/partitions.ts';

const monthsAhead = 2;

/** Makes the partitions of `test_results` for this month and the next two, where they are missing. */
export async function makePartitions({ pool }: Pick<Database, 'pool'>, now: Date): Promise<void> {
  const months = Array.from(
    { length: monthsAhead + 1 },
    (_, ahead) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead)),
  );
  await createPartitions(pool, () => now).ensure(months);
}
