// npm run bench: measures the budgets of the design as ratios in one run, and prints them.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { createDatabase } from '../src/db/client.ts';
import { startEmbeddedPostgres } from '../src/db/embedded-postgres.ts';
import { nestedRead } from './nested-read.ts';
import { seed } from './seed.ts';

const apiKey = randomBytes(20).toString('hex');
const port = '4598';

const dataDir = await mkdtemp(path.join(tmpdir(), 'buildatlas-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir, log: pino({ level: 'warn' }) });
try {
  const gateway = fork(path.join(import.meta.dirname, '../dist/main.js'), ['serve'], {
    env: {
      ...process.env,
      DATABASE_URL: postgres.url,
      PORT: port,
      BOOTSTRAP_API_KEY: apiKey,
      LOG_LEVEL: 'warn',
    },
    execArgv: ['--max-semi-space-size=64'], // as npm start does
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (gateway.stdout !== null) await once(gateway.stdout, 'data');
  const db = createDatabase(postgres.url);
  const { id: organizationId } = await db.prisma.organization.findUniqueOrThrow({
    where: { slug: 'default' },
  });
  await seed(db, organizationId);
  await db.close();

  const gatewayUrl = `http://127.0.0.1:${port}/graphql`;
  await nestedRead({ databaseUrl: postgres.url, organizationId, gatewayUrl, apiKey });
  gateway.kill();
  await once(gateway, 'exit');
} finally {
  await postgres.stop();
  await rm(dataDir, { recursive: true });
}
