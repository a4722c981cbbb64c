import type { RowOf } from '../../src/db/columns.ts';
import type * as Rows from '../../src/db/generated/prisma/client.ts';
import * as enums from '../../src/db/generated/prisma/enums.ts';
import type { Owner } from './dataset-rows.ts';
import {
  cycle,
  known,
  lasting,
  minute,
  parentOf,
  rowsOf,
  texts,
  uuidOf,
} from './dataset-values.ts';

const events = Object.values(enums.WebhookEvent);
const eventNames = ['flaky_test.state_changed', 'quarantine.created', 'quarantine.expired'];

/** Where webhooks are sent, what was to be sent, and what was. */
export function outgoingRows(owner: Owner, repositories: Rows.Repository[]) {
  const WebhookEndpoint = endpointRows(owner, repositories);
  const OutgoingWebhookMessage = messageRows(owner, WebhookEndpoint);
  return {
    WebhookEndpoint,
    OutgoingWebhookMessage,
    OutgoingWebhookDelivery: deliveryRows(owner, OutgoingWebhookMessage),
  };
}

function endpointRows(
  { organizationId, seed }: Owner,
  repositories: Rows.Repository[],
): RowOf['WebhookEndpoint'][] {
  return rowsOf(20, (index) => ({
    organizationId,
    id: uuidOf(seed, 'endpoint', String(index)),
    repositoryId: known(index, parentOf(lasting(repositories), index).id),
    url: `https://127.0.0.1/${index}`, // nothing is ever sent there
    events: events.slice(0, 1 + (index % events.length)),
    previousSecretUntil: minute(index),
    createdAt: minute(index % 6),
    failingSince: known(index + 1, minute(index % 4)),
    disabledAt: index % 3 === 0 ? minute(index) : null,
    disabledReason: index % 3 === 0 ? cycle(texts, index) : null,
  }));
}

function messageRows(
  { organizationId, seed }: Owner,
  endpoints: RowOf['WebhookEndpoint'][],
): Rows.OutgoingWebhookMessage[] {
  return rowsOf(30, (index) => {
    const status = cycle(Object.values(enums.OutgoingMessageStatus), index);
    return {
      organizationId,
      id: uuidOf(seed, 'message', String(index)),
      endpointId: parentOf(lasting(endpoints), index).id,
      event: cycle(eventNames, index),
      dedupeKey: `key ${index}`,
      body: `{"type":"${cycle(eventNames, index)}","data":{}}`,
      status,
      attempts: index % 3,
      nextAttemptAt: status === 'PENDING' ? new Date(Date.UTC(2090, 0, 1, 0, index)) : null,
      createdAt: minute(index % 6),
    };
  });
}

function deliveryRows(
  { organizationId, seed }: Owner,
  messages: Rows.OutgoingWebhookMessage[],
): Rows.OutgoingWebhookDelivery[] {
  return rowsOf(45, (index) => {
    const { id: messageId, endpointId, event } = parentOf(lasting(messages), index);
    const succeeded = index % 2 === 0;
    return {
      organizationId,
      id: uuidOf(seed, 'outgoing delivery', String(index)),
      endpointId,
      messageId,
      event,
      attempt: 1 + (index % 4),
      sentAt: minute(index % 6),
      durationMs: index,
      succeeded,
      statusCode: succeeded ? 204 : known(index, 500),
      answer: known(index + 1, cycle(texts, index)),
      error: succeeded ? null : `error ${index}`,
    };
  });
}
