import type { Logger } from 'pino';
import { loadConfig } from '../config.ts';
import type { Database } from '../db/client.ts';
import { borrowDatabase } from '../db/open-database.ts';
import { createLog } from '../log.ts';

/** Runs a command on the configured database, beside the gateway if one runs. */
export async function withDatabase<Result>(
  work: (db: Database, log: Logger) => Promise<Result>,
): Promise<Result> {
  const config = loadConfig();
  const log = createLog(config);
  const { db, close } = await borrowDatabase(config, log);
  try {
    return await work(db, log);
  } finally {
    await close();
  }
}
