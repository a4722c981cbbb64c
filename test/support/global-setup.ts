import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';
import { createTemplate } from './template-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Postgres server of this run, with rights to make databases. */
    readonly serverUrl: string;
    /** A migrated database to copy. */
    readonly templateName: string;
  }
}

/** One Postgres for the whole run: TEST_DATABASE_URL, else an embedded one that does not wait for disks. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer(process.env['TEST_DATABASE_URL']);
  const template = await createTemplate(server.url);
  project.provide('serverUrl', server.url);
  project.provide('templateName', template.name);

  return async () => {
    await template.drop();
    await server.stop();
  };
}

async function startServer(given: string | undefined) {
  if (given !== undefined) return { url: given, stop: () => Promise.resolve() };

  const dataDir = await mkdtemp(join(tmpdir(), 'buildatlas-test-'));
  const { url, stop } = await startEmbeddedPostgres({
    dataDir,
    log: pino({ level: 'warn' }, pino.destination({ fd: 2, sync: true })),
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '500' },
  });
  return {
    url,
    stop: async () => {
      await stop();
      await rm(dataDir, { recursive: true });
    },
  };
}
