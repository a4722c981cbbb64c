import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { uuid } from '../domain/fields.ts';
import { processWebhook, type ProcessWebhookOptions } from '../ingest/process-webhook.ts';

const WebhookJob = z.object({ organizationId: uuid, deliveryId: uuid });

/** Reads the delivery that a job of the queue names. */
export async function readQueuedWebhook(
  system: Omit<ServiceContext, 'tenant'>,
  job: unknown,
  options: ProcessWebhookOptions,
): Promise<void> {
  await processWebhook(system, WebhookJob.parse(job), options);
}
