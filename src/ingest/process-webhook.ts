import type { ServiceContext } from '../context.ts';
import type { WebhookDeliveryStatus, WebhookProvider } from '../db/generated/prisma/enums.ts';
import { query, sql } from '../db/sql.ts';
import { storableText } from '../domain/text.ts';
import { DomainError } from '../errors.ts';
import { systemTenant } from '../identity/system-tenant.ts';
import type { WebhookJob } from './enqueue-webhook.ts';
import { recordAgents } from './record-agents.ts';
import { recordBuild } from './record-build.ts';
import { recordStages } from './record-stages.ts';
import type { WebhookFacts, WebhookReader, WebhookTranslation } from './webhook-translation.ts';

type System = Omit<ServiceContext, 'tenant'>;

interface Delivery {
  readonly organizationId: string;
  readonly id: string;
  readonly provider: WebhookProvider;
  readonly event: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly receivedAt: Date;
}

interface Outcome {
  readonly status: WebhookDeliveryStatus;
  readonly reason: string | null;
  readonly buildId: string | null;
}

export interface ProcessWebhookOptions extends WebhookReader {
  /** Whether nobody tries again after this time: then an error that is a bug is the delivery's end. */
  readonly isLastTry: boolean;
}

/**
 * Reads a delivery that waits, and stores what it tells. Reading it twice is reading it once, and deliveries may be
 * read in any order. What cannot be stored for a reason of its own is marked as failed; other errors are thrown, so
 * that it is tried again.
 */
export async function processWebhook(
  system: System,
  { organizationId, deliveryId }: WebhookJob,
  { isLastTry, ...reader }: ProcessWebhookOptions,
): Promise<void> {
  const ctx = { ...system, tenant: systemTenant(organizationId) };
  const delivery = await find(ctx, deliveryId);
  if (delivery === undefined) return;
  try {
    await close(ctx, delivery, await outcomeOf(ctx, delivery, reader));
  } catch (error) {
    const reason = isLastTry
      ? 'It could not be stored, time and again; the log of the gateway says why.'
      : 'It could not be stored yet, and is tried again.';
    await close(ctx, delivery, {
      status: isLastTry ? 'FAILED' : 'RECEIVED',
      reason,
      buildId: null,
    });
    throw error;
  }
}

async function find(ctx: ServiceContext, deliveryId: string): Promise<Delivery | undefined> {
  const [delivery] = await query<Delivery>(
    ctx.db.pool,
    sql`SELECT organization_id AS "organizationId", id, provider, event, headers, body, received_at AS "receivedAt"
      FROM webhook_deliveries
      WHERE organization_id = ${ctx.tenant.organizationId}::uuid AND id = ${deliveryId}::uuid AND status = 'RECEIVED'`,
  );
  return delivery;
}

async function outcomeOf(
  ctx: ServiceContext,
  { body, headers, provider, event, receivedAt }: Delivery,
  { read, translate }: WebhookReader,
): Promise<Outcome> {
  const content = read(body, headers);
  if ('problem' in content) return { status: 'FAILED', reason: content.problem, buildId: null };
  const told = translate({ provider, event, payload: content.payload, receivedAt });
  if (isIgnored(told)) return { status: 'IGNORED', reason: told.ignored, buildId: null };
  try {
    return await store(ctx, told, receivedAt);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { status: 'FAILED', reason: error.message, buildId: null };
  }
}

function isIgnored(told: WebhookTranslation): told is { readonly ignored: string } {
  return 'ignored' in told;
}

async function store(
  ctx: ServiceContext,
  { build, stages, agents }: WebhookFacts,
  receivedAt: Date,
): Promise<Outcome> {
  const recorded = build === undefined ? undefined : await recordBuild(ctx, build);
  const buildId = recorded?.build.id ?? null;
  const rejected =
    buildId === null || stages === undefined || stages.length === 0
      ? []
      : (await recordStages(ctx, { buildId, stages })).rejected;
  if (agents !== undefined) await recordAgents(ctx, { recordedAt: receivedAt, ...agents });
  const reasons = rejected.map(({ name, reason }) => `stage ${name ?? '?'}: ${reason}`);
  return { status: 'PROCESSED', reason: reasons.join('; ') || null, buildId };
}

const longestReason = 1000;

async function close(
  { db, now }: ServiceContext,
  { organizationId, id }: Delivery,
  { status, reason, buildId }: Outcome,
): Promise<void> {
  await query(
    db.pool,
    sql`UPDATE webhook_deliveries SET status = ${status}::webhook_delivery_status,
        reason = ${reason === null ? null : storableText(reason.slice(0, longestReason))},
        build_id = coalesce(${buildId}::uuid, build_id), attempts = attempts + 1, processed_at = ${now()}::timestamptz
      WHERE organization_id = ${organizationId}::uuid AND id = ${id}::uuid`,
  );
}
