import { describedTests } from '../db/described-tests.ts';
import { enqueueOutgoing } from '../db/enqueue-outgoing.ts';
import type { Quarantine, QuarantineEvent } from '../db/generated/prisma/client.ts';
import type { WebhookEvent } from '../db/generated/prisma/enums.ts';
import type { Queryable } from '../db/sql.ts';

/** What was done, with the quarantine as it is from then on, else as it was. */
export interface Told {
  readonly event: QuarantineEvent;
  readonly quarantine: Quarantine;
}

/**
 * Has webhooks tell which tests went into quarantine and which left it. A test that shall never go there, and terms
 * that change, are no news.
 */
export async function tellQuarantines(
  tx: Queryable,
  organizationId: string,
  told: readonly Told[],
): Promise<void> {
  const news = told.flatMap(({ event, quarantine }) => {
    const type = typeOf(event);
    return type === null ? [] : [{ event, quarantine, type }];
  });
  if (news.length === 0) return;
  const testCases = await describedTests(
    tx,
    organizationId,
    news.map(({ quarantine }) => quarantine.testCaseId),
  );
  for (const { event, quarantine, type } of news) {
    const testCase = testCases.get(quarantine.testCaseId);
    if (testCase === undefined) continue; // nobody wants to know
    const { repositoryId, mode, isAutomatic, reason, owner, expiresAt } = quarantine;
    const { repository, ...named } = testCase;
    await enqueueOutgoing(tx, {
      organizationId,
      repositoryId,
      type,
      dedupeKey: `quarantine ${event.id}`,
      at: event.at,
      data: {
        repository: { id: repositoryId, name: repository },
        testCase: named,
        quarantine: { mode, isAutomatic, reason, owner, expiresAt },
        actor: event.actor,
      },
    });
  }
}

function typeOf({ change, beforeMode, afterMode }: QuarantineEvent): WebhookEvent | null {
  const was = beforeMode !== null && beforeMode !== 'NEVER';
  const is = afterMode !== null && afterMode !== 'NEVER';
  if (was === is) return null;
  if (is) return 'QUARANTINE_CREATED';
  return change === 'EXPIRED' ? 'QUARANTINE_EXPIRED' : 'QUARANTINE_REMOVED';
}
