import { z } from 'zod';
import { uuid } from '../domain/fields.ts';
import type { RowOf } from '../db/columns.ts';
import { SealedError } from '../identity/seal.ts';
import { claimMessage, type ClaimedMessage } from './claim-message.ts';
import { type Outcome, postWebhook } from './post-webhook.ts';
import { recordDelivery } from './record-delivery.ts';
import { signatureHeaders } from './sign-webhook.ts';
import { purposeOf } from './secret-purpose.ts';
import type { System } from './system.ts';

const OutgoingJob = z.object({ organizationId: uuid, messageId: uuid });

/**
 * Sends the message that a job names, when it is due, and says what comes next. Gives the delivery; null when there was
 * nothing to send. A gateway that ends between sending and saying so has it sent again, under the same `webhook-id`.
 */
export async function sendOutgoing(
  system: System,
  job: unknown,
): Promise<RowOf['OutgoingWebhookDelivery'] | null> {
  const message = await claimMessage(system, OutgoingJob.parse(job));
  return message === null ? null : sendMessage(system, message);
}

async function sendMessage(
  system: System,
  message: ClaimedMessage,
): Promise<RowOf['OutgoingWebhookDelivery'] | null> {
  const sentAt = system.now();
  const startedAt = performance.now();
  const outcome = await outcomeOf(system, message, sentAt);
  const durationMs = Math.round(performance.now() - startedAt);
  return recordDelivery(system, message, { ...outcome, sentAt, durationMs });
}

async function outcomeOf(
  { secrets, outgoing }: System,
  message: ClaimedMessage,
  sentAt: Date,
): Promise<Outcome> {
  const { organizationId, endpointId, messageId, url, body } = message;
  const purpose = purposeOf(organizationId, endpointId);
  try {
    const opened = sealedSecrets(message, sentAt).map((sealed) => secrets.open(sealed, purpose));
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Buildatlas',
      ...signatureHeaders({ id: messageId, sentAt, body }, opened),
    };
    return await postWebhook({ url, headers, body }, outgoing);
  } catch (error) {
    if (!(error instanceof SealedError)) throw error;
    const reason = 'the secret cannot be opened with the key of this gateway (SECRET_KEY)';
    return { statusCode: null, answer: null, retryAfter: null, error: reason };
  }
}

/** For a day after a rotation, the secret before it too. */
function sealedSecrets(
  { sealedSecret, sealedPreviousSecret, previousSecretUntil }: ClaimedMessage,
  sentAt: Date,
): Uint8Array[] {
  const isPreviousValid = previousSecretUntil !== null && previousSecretUntil > sentAt;
  return isPreviousValid && sealedPreviousSecret !== null
    ? [sealedSecret, sealedPreviousSecret]
    : [sealedSecret];
}
