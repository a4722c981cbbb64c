import { randomUUID } from 'node:crypto';
import type { ServiceContext } from '../context.ts';
import type { WebhookDeliveryStatus, WebhookProvider } from '../db/generated/prisma/enums.ts';
import { inTransaction, type Queryable, query, sql } from '../db/sql.ts';
import { storableText } from '../domain/text.ts';
import { requireCapability } from '../identity/require-capability.ts';
import { enqueueWebhook } from './enqueue-webhook.ts';

/** A webhook that its sender has proved to have sent. */
export interface ReceiveWebhookInput {
  readonly provider: WebhookProvider;
  /** The source it came to; null when it came with an API key. */
  readonly sourceId: string | null;
  /** The sender's id of the delivery, or what else two sends of it have in common. */
  readonly deliveryKey: string;
  readonly event: string;
  /** Without secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** What is known at once: that it waits to be read, tells nothing that is kept, or cannot be read. */
  readonly status: 'RECEIVED' | 'IGNORED' | 'FAILED';
  /** Why it is ignored, or failed. */
  readonly reason: string | null;
}

export interface ReceivedWebhook {
  readonly deliveryId: string;
  /** Of the delivery as it is stored: one that was sent before may be done already. */
  readonly status: WebhookDeliveryStatus;
  /** False when it was sent before. */
  readonly created: boolean;
}

const longestKey = 256;
const longestReason = 1000;

/**
 * Stores a webhook as it came, and queues it to be read. One that was sent before is not stored again, but one that
 * failed then is tried again.
 *
 * @throws {ForbiddenError} without the `INGEST` capability
 */
export async function receiveWebhook(
  ctx: ServiceContext,
  input: ReceiveWebhookInput,
): Promise<ReceivedWebhook> {
  requireCapability(ctx.tenant, 'INGEST');
  const { organizationId } = ctx.tenant;
  return inTransaction(ctx.db.pool, async (tx) => {
    const deliveryId = randomUUID();
    const stored = await store(tx, ctx, deliveryId, input);
    if (stored === undefined) return findKnown(tx, organizationId, input);
    if (stored.status === 'RECEIVED') {
      await enqueueWebhook(tx, { organizationId, deliveryId: stored.id });
    }
    return { deliveryId: stored.id, status: stored.status, created: stored.id === deliveryId };
  });
}

interface Stored {
  readonly id: string;
  readonly status: WebhookDeliveryStatus;
}

/** Undefined when it was sent before, and need not be read again. */
async function store(
  tx: Queryable,
  { tenant: { organizationId }, now }: ServiceContext,
  deliveryId: string,
  said: ReceiveWebhookInput,
): Promise<Stored | undefined> {
  const at = now();
  const headers = JSON.stringify(
    Object.fromEntries(
      Object.entries(said.headers).map(([key, text]) => [key, storableText(text)]),
    ),
  );
  const [stored] = await query<Stored>(
    tx,
    sql`INSERT INTO webhook_deliveries AS t (organization_id, id, provider, source_id, delivery_key, event, headers,
        body, status, reason, received_at, processed_at)
      VALUES (${organizationId}::uuid, ${deliveryId}::uuid, ${said.provider}::webhook_provider, ${said.sourceId}::uuid,
        ${keyOf(said)}, ${said.event.slice(0, longestKey)}, ${headers}::jsonb, ${Buffer.from(said.body)},
        ${said.status}::webhook_delivery_status, ${said.reason?.slice(0, longestReason)}, ${at}::timestamptz,
        ${said.status === 'RECEIVED' ? null : at}::timestamptz)
      ON CONFLICT (organization_id, provider, delivery_key) DO UPDATE SET
        status = EXCLUDED.status, reason = EXCLUDED.reason, body = EXCLUDED.body, event = EXCLUDED.event,
        headers = EXCLUDED.headers, source_id = EXCLUDED.source_id
      WHERE t.status = 'FAILED'
      RETURNING id, status`,
  );
  return stored;
}

async function findKnown(
  tx: Queryable,
  organizationId: string,
  said: ReceiveWebhookInput,
): Promise<ReceivedWebhook> {
  const [known] = await query<Stored>(
    tx,
    sql`SELECT id, status FROM webhook_deliveries
      WHERE organization_id = ${organizationId}::uuid AND provider = ${said.provider}::webhook_provider
        AND delivery_key = ${keyOf(said)}`,
  );
  if (known === undefined) throw new Error('a delivery that is stored is not there');
  return { deliveryId: known.id, status: known.status, created: false };
}

function keyOf({ deliveryKey }: ReceiveWebhookInput): string {
  return storableText(deliveryKey.slice(0, longestKey));
}
