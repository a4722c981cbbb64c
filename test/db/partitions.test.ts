import pg from 'pg';
import { expect, test } from 'vitest';
import { endSessions } from '../../src/db/end-sessions.ts';
import { createPartitions } from '../../src/db/partitions.ts';
import { startGateway } from '../support/start-gateway.ts';
import { cleanUp, migratedDatabase } from '../support/test-database.ts';

const now = new Date('2031-12-15T00:00:00Z');
const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2031, month, 15)));

function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 8 });
  cleanUp(() => endSessions(pool, () => pool.end()));
  return pool;
}

test('many gateways that need the same new month at once all get it', async () => {
  const pool = openPool(await migratedDatabase());
  const gateways = Array.from({ length: 8 }, () => createPartitions(pool, () => now));

  const ensured = months.map((month) => gateways.map((gateway) => gateway.ensure([month])));

  await expect(Promise.all(ensured.flat())).resolves.toHaveLength(96);
});

test('builds of new repositories are stored while new months are made', async () => {
  const { db, graphql } = await startGateway();
  const partitions = createPartitions(openPool(db.url), () => now);
  const record = (name: string) =>
    graphql(
      `
        mutation ($name: String!) {
          recordBuild(
            input: {
              repository: { owner: "acme", name: $name }
              jobName: "test"
              number: 1
              status: SUCCESS
            }
          ) {
            __typename
          }
        }
      `,
      { name },
    );

  const made = partitions.ensure(months);
  const answers = [];
  for (let round = 0; round < 40; round += 1) {
    const names = Array.from({ length: 6 }, (_, index) => `r-${round}-${index}`);
    answers.push(...(await Promise.all(names.map(record))));
  }
  await made;

  expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
});
