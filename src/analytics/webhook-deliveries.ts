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
export const shownPayloadBytes = 100_000;

/** What a webhook's sender sent. */
export interface WebhookPayload {
  /** The first 100,000 bytes as text. */
  readonly text: string;
  /** Of all of it. */
  readonly sizeBytes: number;
}

/** Gives the payloads of deliveries by their ids, in that order: one statement. */
export async function webhookPayloads(
  { db, tenant }: ServiceContext,
  ids: readonly string[],
): Promise<WebhookPayload[]> {
  const found = await db.read<{ id: string; start: Uint8Array; sizeBytes: number }>(
    sql`SELECT id, substring(body FOR ${shownPayloadBytes}::int) AS start, octet_length(body) AS "sizeBytes"
      FROM webhook_deliveries
      WHERE organization_id = ${tenant.organizationId}::uuid AND id = ANY (${ids}::uuid[])`,
  );
  const byId = new Map(found.map((delivery) => [delivery.id, delivery]));
  return ids.map((id) => {
    const { start, sizeBytes } = byId.get(id) ?? { start: new Uint8Array(), sizeBytes: 0 }; // expired meanwhile
    return { text: new TextDecoder().decode(start), sizeBytes };
  });
}
