import { globalId } from './lists.ts';
import { type Names, refusals, type Said } from './naming-words.ts';

const url = 'https://127.0.0.2/'; // refused: nothing is ever sent there

/** What mutations about endpoints say to name things. */
export const outgoingNamings: Readonly<Record<string, (names: Names) => Said[]>> = {
  createWebhookEndpoint: ({ repositoryId }) =>
    [repositoryId, globalId('Repository', repositoryId)].map((id) => ({
      input: {
        url: 'https://example.org/',
        events: ['QUARANTINE_EXPIRED'],
        repositoryId: id,
      },
      selection: `${refusals} ... on CreateWebhookEndpointPayload { endpoint { url repository { name } } }`,
    })),
  updateWebhookEndpoint: ({ endpoint, repositoryId }) =>
    [
      { id: endpoint, repositoryId },
      { id: globalId('WebhookEndpoint', endpoint), isEnabled: true },
      { id: endpoint, url },
    ].map((input) => ({
      input,
      selection: `${refusals} ... on UpdateWebhookEndpointPayload { endpoint { url repository { name } } }`,
    })),
  rotateWebhookEndpointSecret: ({ endpoint }) =>
    [endpoint, globalId('WebhookEndpoint', endpoint)].map((id) => ({
      input: { id },
      selection: `${refusals} ... on RotateWebhookEndpointSecretPayload { endpoint { url } }`,
    })),
  sendTestWebhook: ({ endpoint }) =>
    [endpoint, globalId('WebhookEndpoint', endpoint)].map((endpointId) => ({
      endpointId,
      selection: `${refusals} ... on SendTestWebhookPayload { delivery { event succeeded } }`,
    })),
  replayWebhook: ({ outgoingDelivery }) =>
    [outgoingDelivery, globalId('OutgoingWebhookDelivery', outgoingDelivery)].map((deliveryId) => ({
      deliveryId,
      selection: `${refusals} ... on ReplayWebhookPayload { outgoingMessage { event } }`,
    })),
  deleteWebhookEndpoint: ({ endpoint }) =>
    [endpoint, globalId('WebhookEndpoint', endpoint)].map((id) => ({
      input: { id },
      selection: `${refusals} ... on DeleteWebhookEndpointPayload { deletedId }`,
    })),
};
