import type { ServiceContext } from '../context.ts';
import type { WebhookDeliveryStatus, WebhookProvider } from '../db/generated/prisma/enums.ts';
import { type Sql, sql } from '../db/sql.ts';
import { type Asked, during, equals, oneOf, type TimeRange } from './conditions.ts';
import type { Listing } from './listing.ts';

export type WebhookDeliveryFilter = Asked<{
  provider: readonly WebhookProvider[];
  status: readonly WebhookDeliveryStatus[];
  event: readonly string[];
  sourceId: string;
  receivedAt: TimeRange;
}>;

/** Webhooks as they came in, latest first. */
export const webhookDeliveries: Listing<'WebhookDelivery', WebhookDeliveryFilter, 'RECEIVED_AT'> = {
  model: 'WebhookDelivery',
  orderings: { RECEIVED_AT: { key: sql`t.received_at`, type: 'timestamptz' } },
  unique: [{ name: 'id', type: 'uuid' }],
  defaultOrder: { field: 'RECEIVED_AT', direction: 'DESC' },
  everything: {},
  where: ({ provider, status, event, sourceId, receivedAt }): Sql[] => [
    ...oneOf('provider', provider, 'webhook_provider'),
    ...oneOf('status', status, 'webhook_delivery_status'),
    ...oneOf('event', event),
    ...equals('sourceId', sourceId, 'uuid'),
    ...during(sql`t.received_at`, receivedAt),
  ],
};

/** The most bytes of a payload that an answer holds; a page may have a hundred of them. */
const shownBytes = 100_000;

/** What a webhook's sender sent. */
export interface WebhookPayload {
  /** Its first 100,000 bytes, in base64. */
  readonly start: string;
  /** Of all of it. */
  readonly sizeBytes: number;
}

/** The payload of a delivery, a scalar subquery. */
export function payloadOf(organizationId: string, deliveryId: Sql): Sql {
  return sql`(SELECT json_build_object(
      'start', encode(substring(p.body FOR ${shownBytes}::int), 'base64'), 'sizeBytes', octet_length(p.body))
    FROM webhook_deliveries p WHERE p.organization_id = ${organizationId}::uuid AND p.id = ${deliveryId})`;
}

/** Gives the payloads of deliveries by their ids, in that order: one statement. */
export async function webhookPayloads(
  { db, tenant: { organizationId } }: ServiceContext,
  ids: readonly string[],
): Promise<WebhookPayload[]> {
  const found = await db.read<{ payload: WebhookPayload | null }>(
    sql`SELECT ${payloadOf(organizationId, sql`asked.id`)} AS payload
      FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS asked (id, place) ORDER BY place`,
  );
  return found.map(({ payload }) => payload ?? { start: '', sizeBytes: 0 }); // expired meanwhile
}

/** The bytes that are shown, as text: those that are no UTF-8 become U+FFFD. */
export function textOf({ start }: WebhookPayload): string {
  return new TextDecoder().decode(Buffer.from(start, 'base64'));
}
