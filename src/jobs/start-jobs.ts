import { Logger as JobLogger, parseCronItems, run, type TaskList } from 'graphile-worker';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import { endSessions } from '../db/end-sessions.ts';
import type { Uploads } from '../context.ts';
import { attachAllHeld, expireHeld } from '../ingest/attach-held.ts';
import { expireAgents } from '../ingest/expire-agents.ts';
import { expireRawFiles } from '../ingest/expire-raw-files.ts';
import { finishSubmissions } from '../ingest/finish-submissions.ts';
import { removeLooseBlobs } from '../ingest/loose-blobs.ts';
import { processWebhookJob } from '../ingest/enqueue-webhook.ts';
import { expireWebhooks, sweepWebhooks } from '../ingest/expire-webhooks.ts';
import type { WebhookReader } from '../ingest/webhook-translation.ts';
import { judgeDueTests, judgeRecentFailures } from '../engine/judge-again.ts';
import { analyticsEngine } from './analytics-engine.ts';
import { expireQuarantines } from '../triage/expire-quarantines.ts';
import { makePartitions } from './make-partitions.ts';
import { readQueuedWebhook } from './read-queued-webhook.ts';
import { runAnalytics } from './run-analytics.ts';

/** What is due when, in UTC. */
const cronItems = parseCronItems([
  { task: 'make_partitions', match: '17 3 * * *' },
  { task: 'finish_submissions', match: '*/5 * * * *' },
  { task: 'expire_raw_files', match: '47 * * * *' },
  { task: 'attach_held', match: '*/5 * * * *' },
  { task: 'expire_held', match: '51 * * * *' },
  { task: 'remove_loose_blobs', match: '57 * * * *' },
  { task: 'expire_agents', match: '27 3 * * *' },
  { task: 'sweep_webhooks', match: '*/5 * * * *' },
  { task: 'expire_quarantines', match: '*/5 * * * *' },
  { task: 'expire_webhooks', match: '57 * * * *' },
  { task: 'judge_due_tests', match: '*/5 * * * *' },
  { task: 'judge_recent_failures', match: '3 0 * * *' },
]);

export interface JobOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly uploads: Uploads;
  /** How the door for webhooks reads them. */
  readonly webhooks: WebhookReader;
}

/**
 * Runs background tasks from the queue in Postgres (schema `graphile_worker`), shared by all gateways
 * on one database. What a start needs done is done when this returns.
 */
export async function startJobs({
  db,
  log,
  uploads,
  webhooks,
}: JobOptions): Promise<{ readonly stop: () => Promise<void> }> {
  await makePartitions(db, new Date());
  const context = { db, log, uploads, now: () => new Date() };
  const engine = analyticsEngine(db, context.now);
  const taskList: TaskList = {
    make_partitions: () => makePartitions(db, new Date()),
    finish_submissions: () => finishSubmissions(context),
    expire_raw_files: () => expireRawFiles(context),
    attach_held: () => attachAllHeld(context),
    remove_loose_blobs: () => removeLooseBlobs(context),
    expire_held: () => expireHeld(context, uploads.keptDays),
    expire_agents: () => expireAgents(context),
    [processWebhookJob]: (job, { job: { attempts, max_attempts } }) =>
      readQueuedWebhook(context, job, { ...webhooks, isLastTry: attempts >= max_attempts }),
    expire_quarantines: () => expireQuarantines(context),
    sweep_webhooks: () => sweepWebhooks(context),
    expire_webhooks: () => expireWebhooks(context, uploads.keptDays),
    judge_due_tests: () => judgeDueTests(engine),
    judge_recent_failures: () => judgeRecentFailures(engine),
  };
  // Its own connections: ours hand out int8 as bigint, which it does not expect.
  const pool = new pg.Pool({ connectionString: db.url, max: 4 });
  const onError = (error: Error): void => {
    log.warn({ reason: error.message }, 'a connection of the job runner broke');
  };
  pool.on('error', onError).on('connect', (client) => client.on('error', onError));
  const runner = await run({
    pgPool: pool,
    schema: 'graphile_worker',
    taskList,
    parsedCronItems: cronItems,
    concurrency: 2,
    noHandleSignals: true,
    logger: jobLogger(log),
  }).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });

  const analytics = runAnalytics(engine, log);

  return {
    stop: async () => {
      await analytics.stop();
      await runner.stop();
      await endSessions(pool, () => pool.end());
    },
  };
}

/** Its `info` tells of every job, which is our `debug`. */
function jobLogger(log: Logger): JobLogger {
  const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const;
  return new JobLogger((scope) => (level, message) => {
    log[levels[level]]({ ...scope }, message);
  });
}
