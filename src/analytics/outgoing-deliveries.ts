import { type Sql, sql } from '../db/sql.ts';
import { type Asked, during, equals, oneOf, type TimeRange } from './conditions.ts';
import type { Listing } from './listing.ts';

export type OutgoingWebhookDeliveryFilter = Asked<{
  event: readonly string[];
  succeeded: boolean;
  sentAt: TimeRange;
}>;

/** Webhooks as they were sent, latest first. */
export const outgoingDeliveries: Listing<
  'OutgoingWebhookDelivery',
  OutgoingWebhookDeliveryFilter,
  'SENT_AT'
> = {
  model: 'OutgoingWebhookDelivery',
  orderings: { SENT_AT: { key: sql`t.sent_at`, type: 'timestamptz' } },
  unique: [{ name: 'id', type: 'uuid' }],
  defaultOrder: { field: 'SENT_AT', direction: 'DESC' },
  everything: {},
  where: ({ event, succeeded, sentAt }): Sql[] => [
    ...oneOf('event', event),
    ...equals('succeeded', succeeded, 'boolean'),
    ...during(sql`t.sent_at`, sentAt),
  ],
};
