// npm run bench [-- large-upload | nested-read | ingest | flaky | analytics]: measures budgets of the design as ratios in one run, and prints them.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { createDatabase } from '../src/db/client.ts';
import { startEmbeddedPostgres } from '../src/db/embedded-postgres.ts';
import { analytics } from './analytics.ts';
import { flaky } from './flaky.ts';
import { ingest } from './ingest.ts';
import { largeUpload } from './large-upload.ts';
import { nestedRead } from './nested-read.ts';
import { seed } from './seed.ts';
import type { Subject } from './subject.ts';

const benchmarks: Readonly<Record<string, (subject: Subject) => Promise<void>>> = {
  'large-upload': largeUpload, // first: what it grows by is told apart from what others left
  'nested-read': nestedRead,
  ingest,
  flaky,
  analytics, // last: it leaves ten million results
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in benchmarks));
if (unknown !== undefined) {
  console.error(
    `There is no benchmark ${unknown}; there are: ${Object.keys(benchmarks).join(', ')}`,
  );
  process.exit(2);
}

const apiKey = randomBytes(20).toString('hex');
const port = '4598';

const dataDir = await mkdtemp(path.join(tmpdir(), 'buildatlas-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir, log: pino({ level: 'warn' }) });
try {
  const gateway = fork(path.join(import.meta.dirname, '../dist/main.js'), ['serve'], {
    env: {
      ...process.env,
      DATABASE_URL: postgres.url,
      DATA_DIR: dataDir,
      PORT: port,
      BOOTSTRAP_API_KEY: apiKey,
      LOG_LEVEL: 'warn',
    },
    execArgv: ['--max-semi-space-size=16'], // as npm start does
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (gateway.stdout !== null) await once(gateway.stdout, 'data');
  const db = createDatabase(postgres.url);
  const { id: organizationId } = await db.prisma.organization.findUniqueOrThrow({
    where: { slug: 'default' },
  });
  await seed(db, organizationId);
  await db.close();

  const subject = {
    databaseUrl: postgres.url,
    organizationId,
    url: `http://127.0.0.1:${port}`,
    apiKey,
    pid: gateway.pid ?? 0,
  };
  for (const [name, measure] of Object.entries(benchmarks)) {
    if (asked.length === 0 || asked.includes(name)) await measure(subject);
  }
  gateway.kill();
  await once(gateway, 'exit');
} finally {
  await postgres.stop();
  await rm(dataDir, { recursive: true });
}
