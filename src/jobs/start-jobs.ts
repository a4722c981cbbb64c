import { parseCronItems, type TaskList } from 'graphile-worker';
import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import type { Uploads } from '../context.ts';
import { assignAllOwners, assignOwnersJob } from '../ingest/assign-owners.ts';
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
import { expireOutgoing } from '../outgoing/expire-outgoing.ts';
import { sweepOutgoing } from '../outgoing/sweep-outgoing.ts';
import type { Outgoing } from '../outgoing/target.ts';
import type { SecretBox } from '../identity/seal.ts';
import { assignQueuedOwners } from './assign-queued-owners.ts';
import { makePartitions } from './make-partitions.ts';
import { readQueuedWebhook } from './read-queued-webhook.ts';
import { runAnalytics } from './run-analytics.ts';
import { outgoingTasks, webhooksAtOnce } from './send-outgoing.ts';
import { startRunners } from './start-runners.ts';

/** What is due when, in UTC. */
const cronItems = parseCronItems([
  { task: 'make_partitions', match: '17 3 * * *' },
  { task: 'finish_submissions', match: '*/5 * * * *' },
  { task: 'expire_raw_files', match: '47 * * * *' },
  { task: 'attach_held', match: '*/5 * * * *' },
  { task: 'expire_held', match: '51 * * * *' },
  { task: 'remove_loose_blobs', match: '57 * * * *' },
  { task: 'assign_all_owners', match: '* * * * *' },
  { task: 'expire_agents', match: '27 3 * * *' },
  { task: 'sweep_webhooks', match: '*/5 * * * *' },
  { task: 'expire_quarantines', match: '* * * * *' },
  { task: 'expire_webhooks', match: '57 * * * *' },
  { task: 'sweep_outgoing', match: '*/5 * * * *' },
  { task: 'expire_outgoing', match: '53 * * * *' },
  { task: 'judge_due_tests', match: '*/5 * * * *' },
  { task: 'judge_recent_failures', match: '3 0 * * *', options: { backfillPeriod: 86_400_000 } },
]);

export interface JobOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly uploads: Uploads;
  /** How the door for webhooks reads them. */
  readonly webhooks: WebhookReader;
  /** What the secrets of endpoints are sealed with. */
  readonly secrets: SecretBox;
  /** Where webhooks may go. */
  readonly outgoing: Outgoing;
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
  secrets,
  outgoing,
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
    assign_all_owners: () => assignAllOwners(context),
    [assignOwnersJob]: (job) => assignQueuedOwners(context, job),
    [processWebhookJob]: (job, { job: { attempts, max_attempts } }) =>
      readQueuedWebhook(context, job, { ...webhooks, isLastTry: attempts >= max_attempts }),
    expire_quarantines: () => expireQuarantines(context),
    sweep_webhooks: () => sweepWebhooks(context),
    expire_webhooks: () => expireWebhooks(context, uploads.keptDays),
    sweep_outgoing: () => sweepOutgoing(context),
    expire_outgoing: () => expireOutgoing(context, uploads.keptDays),
    judge_due_tests: () => judgeDueTests(engine),
    judge_recent_failures: () => judgeRecentFailures(engine),
  };
  const runners = await startRunners(db, log, [
    { taskList, parsedCronItems: cronItems, concurrency: 2 },
    {
      taskList: outgoingTasks({ db, now: context.now, secrets, outgoing }),
      parsedCronItems: [],
      concurrency: webhooksAtOnce,
    },
  ]);
  const analytics = runAnalytics(engine, log);

  return {
    stop: async () => {
      await analytics.stop();
      await runners.stop();
    },
  };
}
