import type { WebhookReader } from '../ingest/webhook-translation.ts';
import { translateWebhook } from './providers.ts';
import { readWebhook } from './read-body.ts';

/** How this door reads webhooks, for the jobs that do so in the background. */
export const webhookReader: WebhookReader = { read: readWebhook, translate: translateWebhook };
