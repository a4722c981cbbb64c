import type { Outcome } from './post-webhook.ts';
import { longestWaitMs } from './retry-schedule.ts';
import { dayMs } from '../domain/time.ts';

/** Whether an endpoint works, as its deliveries show. */
export interface EndpointStanding {
  readonly failingSince: Date | null;
  readonly disabledAt: Date | null;
  readonly disabledReason: string | null;
}

const gone = 410;
const patienceDays = 5;

/**
 * Says how an endpoint stands after a delivery: one that answers 410, or has failed for five days, is disabled. After a
 * rest that is longer than any wait between attempts a failure begins anew.
 *
 * @param lastFailureAt when a delivery to it failed before; null when none did
 */
export function standingAfter(
  before: EndpointStanding & { readonly lastFailureAt: Date | null },
  { sentAt, statusCode, error }: Pick<Outcome, 'statusCode' | 'error'> & { readonly sentAt: Date },
): EndpointStanding {
  const { failingSince, disabledAt, disabledReason, lastFailureAt } = before;
  if (error === null) return { failingSince: null, disabledAt, disabledReason };

  const isOngoing =
    lastFailureAt !== null && sentAt.getTime() - lastFailureAt.getTime() <= longestWaitMs;
  const since = isOngoing ? (failingSince ?? sentAt) : sentAt;
  const reason = reasonToDisable(statusCode, sentAt.getTime() - since.getTime());
  if (disabledAt !== null || reason === null) {
    return { failingSince: since, disabledAt, disabledReason };
  }
  return { failingSince: since, disabledAt: sentAt, disabledReason: reason };
}

function reasonToDisable(statusCode: number | null, failingMs: number): string | null {
  if (statusCode === gone) return 'answered 410: it is gone';
  return failingMs >= patienceDays * dayMs ? `failed for ${String(patienceDays)} days` : null;
}

/** Whether an answer says that there is no such endpoint any more. */
export function isGone(statusCode: number | null): boolean {
  return statusCode === gone;
}
