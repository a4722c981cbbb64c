import { createHmac } from 'node:crypto';
import { pino } from 'pino';
import { vi } from 'vitest';
import type { WebhookProvider } from '../../src/db/generated/prisma/enums.ts';
import { startJobs } from '../../src/jobs/start-jobs.ts';
import { webhookReader } from '../../src/webhooks/webhook-reader.ts';
import { startGateway, type StartOptions } from '../support/start-gateway.ts';
import { cleanUp } from '../support/test-database.ts';

/** A webhook that was stored, as GraphQL shows it. */
export interface Delivery {
  readonly databaseId: string;
  readonly event: string;
  readonly status: 'RECEIVED' | 'PROCESSED' | 'IGNORED' | 'FAILED';
  readonly reason: string | null;
  readonly attempts: number;
  readonly payload: string;
  readonly payloadSizeBytes: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly source: { readonly name: string } | null;
  readonly build: { readonly jobName: string } | null;
}

export interface Source {
  readonly url: string;
  readonly secret: string;
  readonly databaseId: string;
}

/** Starts a gateway with its jobs: what it receives is read in the background. */
export async function startReceiver(options: StartOptions = {}) {
  const gateway = await startGateway(options);
  const { db, uploads, secrets, outgoing } = gateway;
  const log = pino({ enabled: false });
  const jobs = await startJobs({ db, log, uploads, webhooks: webhookReader, secrets, outgoing });
  cleanUp(jobs.stop);

  const createSource = async (provider: WebhookProvider, key?: string): Promise<Source> => {
    const { data, errors } = await gateway.graphql<{
      createWebhookSource: { url: string; secret: string; source: { databaseId: string } };
    }>(
      `mutation ($input: CreateWebhookSourceInput!) { createWebhookSource(input: $input) {
        ... on CreateWebhookSourcePayload { url secret source { databaseId } } } }`,
      { input: { provider, name: 'ours' } },
      key,
    );
    if (data == null) throw new Error(JSON.stringify(errors));
    const { url, secret, source } = data.createWebhookSource;
    return { url, secret, ...source };
  };
  const deliveries = async (filter: object = {}): Promise<Delivery[]> => {
    const { data, errors } = await gateway.graphql<{ webhookDeliveries: { nodes: Delivery[] } }>(
      `query ($filter: WebhookDeliveryFilter) { webhookDeliveries(first: 100, filter: $filter) { nodes {
        databaseId event status reason attempts payload payloadSizeBytes headers source { name } build { jobName } } } }`,
      { filter },
    );
    if (data == null) throw new Error(JSON.stringify(errors));
    return data.webhookDeliveries.nodes;
  };

  return {
    ...gateway,
    createSource,
    deliveries,
    /** Waits until nothing that came in waits to be read. */
    settle: () =>
      vi.waitUntil(async () => (await deliveries({ status: ['RECEIVED'] })).length === 0, {
        timeout: 20_000,
        interval: 50,
      }),
    /** Sends as GitHub does: signed, with an event and the id of a delivery. */
    sendAsGitHub: async (
      { url, secret }: Source,
      { event, delivery, payload }: { event: string; delivery: string; payload: unknown },
    ): Promise<Response> => {
      const body = JSON.stringify(payload);
      const signature = createHmac('sha256', secret).update(body).digest('hex');
      return fetch(url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-github-event': event,
          'x-github-delivery': delivery,
          'x-hub-signature-256': `sha256=${signature}`,
        },
      });
    },
  };
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;
