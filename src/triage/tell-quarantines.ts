import { type DescribedTest, describedTests } from '../db/described-tests.ts';
import { enqueueOutgoing, type OutgoingEvent } from '../db/enqueue-outgoing.ts';
import type { Quarantine, QuarantineEvent } from '../db/generated/prisma/client.ts';
import type { WebhookEvent } from '../db/generated/prisma/enums.ts';
import type { Queryable } from '../db/sql.ts';

/** What was done, with the quarantine as it is from then on; of one that ended, as it was. */
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
  if (testCases.size === 0) return; // nobody wants to know
  const events = news.flatMap(({ event, quarantine, type }) => {
    const testCase = testCases.get(quarantine.testCaseId);
    return testCase === undefined ? [] : [{ type, ...toEvent(event, quarantine, testCase) }];
  });
  await enqueueOutgoing(tx, organizationId, events);
}

function toEvent(
  { id, at, actor }: QuarantineEvent,
  { repositoryId, mode, isAutomatic, reason, owner, expiresAt }: Quarantine,
  { repository, ...testCase }: DescribedTest,
): Omit<OutgoingEvent, 'type'> {
  const quarantine = { mode, isAutomatic, reason, owner, expiresAt };
  const data = { repository: { id: repositoryId, name: repository }, testCase, quarantine, actor };
  return { repositoryId, dedupeKey: `quarantine ${id}`, at, data };
}

function typeOf({ change, beforeMode, afterMode }: QuarantineEvent): WebhookEvent | null {
  const was = beforeMode !== null && beforeMode !== 'NEVER';
  const is = afterMode !== null && afterMode !== 'NEVER';
  if (was === is) return null;
  if (is) return 'QUARANTINE_CREATED';
  return change === 'EXPIRED' ? 'QUARANTINE_EXPIRED' : 'QUARANTINE_REMOVED';
}
