import { Logger as JobLogger, run, type Runner, type RunnerOptions } from 'graphile-worker';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import { endSessions } from '../db/end-sessions.ts';

/** Tasks with as many workers as may run them at once. */
export type RunnerTasks = Required<
  Pick<RunnerOptions, 'taskList' | 'parsedCronItems' | 'concurrency'>
>;

/** Runs each group of tasks with workers of its own: a group whose tasks take long holds up no other. */
export async function startRunners(
  db: Database,
  log: Logger,
  groups: readonly RunnerTasks[],
): Promise<{ readonly stop: () => Promise<void> }> {
  const most = Math.max(...groups.map(({ concurrency }) => concurrency)) + 2;
  const pool = jobPool(db, log, most);
  const logger = jobLogger(log);
  const runners: Runner[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(runners.map((runner) => runner.stop()));
    await endSessions(pool, () => pool.end());
  };
  try {
    for (const group of groups) {
      const shared = { pgPool: pool, schema: 'graphile_worker', noHandleSignals: true, logger };
      runners.push(await run({ ...shared, ...group }));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

/** Connections of its own: ours hand out int8 as bigint, which the job runner does not expect. */
function jobPool(db: Database, log: Logger, most: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: db.url, max: most });
  const onError = (error: Error): void => {
    log.warn({ reason: error.message }, 'a connection of the job runner broke');
  };
  return pool.on('error', onError).on('connect', (client) => client.on('error', onError));
}

/** Its `info` tells of every job, which is our `debug`. */
function jobLogger(log: Logger): JobLogger {
  const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const;
  return new JobLogger((scope) => (level, message) => {
    log[levels[level]]({ ...scope }, message);
  });
}
