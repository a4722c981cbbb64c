import type { Build } from '../db/generated/prisma/client.ts';
import { type Queryable, query, sql, verbatim } from '../db/sql.ts';
import { buildingForMs } from '../domain/agent-ageing.ts';
import { agentServer } from '../domain/agent-server.ts';
import { progressOf } from '../domain/progress.ts';

/**
 * Takes the agent of a build that has ended for idle, if it was said to build no later than that. Some clients never
 * say so themselves (Contract: buildbutler.md 7.4).
 *
 * An agent that names the build as its job is idle too when it said so shortly after: clients take the end of a build
 * from a run that has not ended yet (7.1). Whoever runs several jobs at once is idle only so.
 */
export async function releaseAgent(
  tx: Queryable,
  { organizationId, server, instance, ...build }: Build,
): Promise<void> {
  if (build.agentName === null || progressOf(build.status) < 2) return;
  const servers = [server, instance === null ? null : agentServer(instance)];
  const { updatedAt: arrivedAt, completedAt, jobName, jobDisplayName } = build;
  const endedAt = completedAt === null || completedAt > arrivedAt ? arrivedAt : completedAt;
  const shortly = verbatim(`interval '${String(buildingForMs)} milliseconds'`);
  await query(
    tx,
    sql`UPDATE agents SET status = 'ONLINE', current_job = NULL,
        last_seen_at = CASE WHEN last_seen_at <= ${endedAt}::timestamptz THEN ${endedAt}::timestamptz
          ELSE greatest(last_seen_at, ${arrivedAt}::timestamptz) END
      WHERE organization_id = ${organizationId}::uuid AND server = ANY (${servers}::text[])
        AND name = ${build.agentName} AND status = 'BUILDING' AND (
          (last_seen_at <= ${endedAt}::timestamptz AND coalesce(executors, 1) <= 1)
          OR (current_job IN (${jobName}, ${jobDisplayName}) AND last_seen_at <= ${endedAt}::timestamptz + ${shortly}))`,
  );
}
