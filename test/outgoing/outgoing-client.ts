import { randomUUID } from 'node:crypto';
import { enqueueOutgoing, type OutgoingEvent } from '../../src/db/enqueue-outgoing.ts';
import { inTransaction } from '../../src/db/sql.ts';
import { sendOutgoing } from '../../src/outgoing/send-outgoing.ts';
import type { Outgoing } from '../../src/outgoing/target.ts';
import { testClock } from '../identity/organization.ts';
import { ingestClient, aSubmission } from '../ingest/ingest-client.ts';
import type { TestGateway } from '../support/start-gateway.ts';

export interface Delivery {
  readonly databaseId: string;
  readonly event: string;
  readonly attempt: number;
  readonly sentAt: string;
  readonly succeeded: boolean;
  readonly statusCode: number | null;
  readonly answer: string | null;
  readonly error: string | null;
  readonly message: {
    readonly databaseId: string;
    readonly status: string;
    readonly attempts: number;
    readonly nextAttemptAt: string | null;
  };
}

const delivery = `databaseId event attempt sentAt succeeded statusCode answer error
  message { databaseId status attempts nextAttemptAt }`;

const refusals = '... on Error { message } ... on ValidationError { issues { path message } }';

/** An organization with a repository, whose webhooks are sent when the test says so, by a clock of its own. */
export async function newSender(gateway: TestGateway) {
  const { organizationId, key } = await gateway.createOrganization();
  await ingestClient(gateway, key).submission(aSubmission({ key: 'first' }));
  const { id: repositoryId } = await gateway.db.prisma.repository.findFirstOrThrow({
    where: { organizationId },
  });
  const clock = testClock();
  const { db, secrets, outgoing } = gateway;
  const system = { db, secrets, outgoing, now: clock.now };

  /** Asks for one field and gives its answer, whatever it is. */
  const ask = async <Answer = Record<string, unknown>>(
    operation: string,
    variables: object = {},
    asKey = key,
  ): Promise<Answer> => {
    const { data, errors } = await gateway.graphql<{ answer: Answer }>(operation, variables, asKey);
    if (data == null || errors !== undefined) throw new Error(JSON.stringify(errors));
    return data.answer;
  };
  const tell = (event: Partial<OutgoingEvent> = {}) =>
    inTransaction(db.pool, (tx) =>
      enqueueOutgoing(tx, organizationId, [
        {
          repositoryId,
          type: 'FLAKY_TEST_STATE_CHANGED',
          dedupeKey: randomUUID(),
          at: clock.now(),
          data: { before: 'HEALTHY', after: 'FLAKY' },
          ...event,
        },
      ]),
    );
  const messages = () =>
    db.prisma.outgoingWebhookMessage.findMany({
      where: { organizationId },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
  return {
    organizationId,
    key,
    repositoryId,
    clock,
    system,
    ask,
    tell,
    messages,
    create: (url: string, more: object = {}) =>
      ask<{ endpoint: { databaseId: string }; secret: string }>(
        `mutation($input: CreateWebhookEndpointInput!) { answer: createWebhookEndpoint(input: $input) { __typename
          ... on CreateWebhookEndpointPayload { secret endpoint { databaseId } } ${refusals} } }`,
        { input: { url, events: ['FLAKY_TEST_STATE_CHANGED'], ...more } },
      ),
    update: (input: object) =>
      ask(
        `mutation($input: UpdateWebhookEndpointInput!) { answer: updateWebhookEndpoint(input: $input) { __typename
          ... on UpdateWebhookEndpointPayload { endpoint { url events disabledAt disabledReason failingSince
            repository { name } } } ${refusals} } }`,
        { input },
      ),
    rotate: (id: string) =>
      ask<{ secret: string }>(
        `mutation($input: RotateWebhookEndpointSecretInput!) { answer: rotateWebhookEndpointSecret(input: $input) {
          ... on RotateWebhookEndpointSecretPayload { secret } ${refusals} } }`,
        { input: { id } },
      ),
    remove: (id: string) =>
      ask(
        `mutation($input: DeleteWebhookEndpointInput!) { answer: deleteWebhookEndpoint(input: $input) {
          ... on DeleteWebhookEndpointPayload { deletedId } ${refusals} } }`,
        { input: { id } },
      ),
    sendTest: (id: string) =>
      ask<{ delivery: Delivery }>(
        `mutation($id: ID!) { answer: sendTestWebhook(endpointId: $id) {
          ... on SendTestWebhookPayload { delivery { ${delivery} } } ${refusals} } }`,
        { id },
      ),
    replay: (id: string) =>
      ask(
        `mutation($id: ID!) { answer: replayWebhook(deliveryId: $id) {
          ... on ReplayWebhookPayload { outgoingMessage { status attempts } } ${refusals} } }`,
        { id },
      ),
    /** What was sent to an endpoint, the last first. */
    deliveries: async (id: string): Promise<readonly Delivery[]> => {
      const endpoint = await ask<{ deliveries: { nodes: Delivery[] } }>(
        `query($id: ID!) { answer: node(id: $id) { ... on WebhookEndpoint {
          deliveries(first: 50) { nodes { ${delivery} } } } } }`,
        { id: Buffer.from(`WebhookEndpoint:${id}`).toString('base64') },
      );
      return endpoint.deliveries.nodes;
    },
    endpoint: (id: string) =>
      db.prisma.webhookEndpoint.findUniqueOrThrow({
        where: { organizationId_id: { organizationId, id } },
      }),
    /** Sends every message that is due, once. */
    send: async (to: Outgoing = outgoing) => {
      for (const { id } of await messages()) {
        await sendOutgoing({ ...system, outgoing: to }, { organizationId, messageId: id });
      }
    },
  };
}
