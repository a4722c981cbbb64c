import type { Logger } from 'pino';
import { loadConfig } from '../config.ts';
import type { Database } from '../db/client.ts';

/** Runs a command on the configured database, beside the gateway if one runs. */
export async function withDatabase<Result>(
  work: (db: Database, log: Logger) => Promise<Result>,
): Promise<Result> {
  const config = loadConfig();
  // Loaded late: the reporter runs in every CI job, and needs no database.
  const { borrowDatabase } = await import('../db/open-database.ts');
  const { createLog } = await import('../log.ts');
  const log = createLog(config);
  const { db, close } = await borrowDatabase(config, log);
  try {
    return await work(db, log);
  } finally {
    await close();
  }
}
