import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { makePartitions } from '../../src/jobs/make-partitions.ts';
import { startJobs } from '../../src/jobs/start-jobs.ts';
import { webhookReader } from '../../src/webhooks/webhook-reader.ts';
import { createSecretBox } from '../../src/identity/seal.ts';
import { createOutgoing } from '../../src/outgoing/create-outgoing.ts';
import { openUploads } from '../../src/open-uploads.ts';
import { dataDir } from '../support/data-dir.ts';
import { testDatabase } from '../support/test-database.ts';

const log = pino({ enabled: false });

async function monthsOf({ pool }: Awaited<ReturnType<typeof testDatabase>>): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits
     WHERE inhparent = 'test_results'::regclass ORDER BY name`,
  );
  return rows.map(({ name }) => name);
}

test('partitions are made for this month and the next two, across the new year too', async () => {
  const db = await testDatabase();

  await makePartitions(db, new Date('2031-11-30T23:59:59Z'));

  expect(await monthsOf(db)).toEqual(
    expect.arrayContaining(['test_results_203111', 'test_results_203112', 'test_results_203201']),
  );
});

test('when the jobs have started, the partitions are there, and again on a second gateway', async () => {
  const db = await testDatabase();
  const dir = await dataDir();
  const uploads = openUploads({
    dataDir: dir,
    blobUrl: pathToFileURL(dir).href,
    uploadsKeptDays: 30,
  });

  const options = {
    db,
    log,
    uploads,
    webhooks: webhookReader,
    secrets: createSecretBox(() => Buffer.alloc(32)),
    outgoing: createOutgoing([]),
  };

  const runners = await Promise.all([startJobs(options), startJobs(options)]);

  const thisMonth = new Date().toISOString().slice(0, 7).replace('-', '');
  expect(await monthsOf(db)).toContain(`test_results_${thisMonth}`);
  await Promise.all(runners.map((runner) => runner.stop()));
});
