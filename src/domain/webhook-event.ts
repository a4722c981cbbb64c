import type { WebhookEvent } from '../db/generated/prisma/enums.ts';

/** What each event is called in the webhooks that tell of it. */
export const eventNames = {
  FLAKY_TEST_STATE_CHANGED: 'flaky_test.state_changed',
  QUARANTINE_CREATED: 'quarantine.created',
  QUARANTINE_REMOVED: 'quarantine.removed',
  QUARANTINE_EXPIRED: 'quarantine.expired',
} as const satisfies Record<WebhookEvent, string>;

/** The body of a webhook. Source: https://www.standardwebhooks.com, "Payload structure". */
export function webhookBody(type: string, at: Date, data: object): string {
  return JSON.stringify({ type, timestamp: at.toISOString(), data });
}

/** What webhooks are called that only try whether an endpoint works. They are sent once, and count for nothing. */
export const testEventName = 'webhook.test';
