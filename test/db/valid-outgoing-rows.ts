const endpointId = '00000030-0000-4000-8000-000000000000';
const messageId = '00000031-0000-4000-8000-000000000000';

interface OfRepository {
  readonly organizationId: string;
  readonly repositoryId: string;
}

/** A valid row of each table of webhooks that are sent, by its table. */
export function outgoingRows({ organizationId, repositoryId }: OfRepository, now: Date) {
  return {
    outgoing_endpoints: {
      organizationId,
      id: endpointId,
      repositoryId,
      url: 'https://example.org/hook',
      events: ['QUARANTINE_CREATED'],
      sealedSecret: '\\x00',
      createdAt: now,
    },
    outgoing_messages: {
      organizationId,
      id: messageId,
      endpointId,
      event: 'quarantine.created',
      dedupeKey: 'key',
      body: '{}',
      status: 'PENDING',
      attempts: 0,
      nextAttemptAt: now,
      createdAt: now,
    },
    outgoing_deliveries: {
      organizationId,
      id: '00000032-0000-4000-8000-000000000000',
      endpointId,
      messageId,
      event: 'quarantine.created',
      attempt: 1,
      sentAt: now,
      durationMs: 1,
      succeeded: true,
      statusCode: 204,
    },
  };
}
