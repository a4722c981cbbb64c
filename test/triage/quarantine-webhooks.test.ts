import { beforeAll, expect, test } from 'vitest';
import { expireQuarantines } from '../../src/triage/expire-quarantines.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { newTriage } from './triage-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

test('webhooks tell that a test went into quarantine and that it left it, and nothing else', async () => {
  const { organizationId, ask, run, quarantine, unquarantine, idOf, repositoryId } =
    await newTriage(gateway);
  await run('shaky', 'PASSED');
  const made = await ask(
    `mutation { createWebhookEndpoint(input: { url: "https://example.org/hook",
      events: [FLAKY_TEST_STATE_CHANGED, QUARANTINE_CREATED, QUARANTINE_REMOVED, QUARANTINE_EXPIRED] }) { __typename } }`,
  );
  expect(made).toEqual({ createWebhookEndpoint: { __typename: 'CreateWebhookEndpointPayload' } });
  const expiresAt = new Date(Date.now() + 3_600_000);

  await quarantine('shaky', { mode: 'NEVER' });
  await quarantine('shaky', { mode: 'MUTE', owner: 'ada' });
  await quarantine('shaky', { mode: 'SKIP' });
  await unquarantine('shaky');
  await quarantine('shaky', { mode: 'SKIP', expiresAt });
  await expireQuarantines({ db: gateway.db, now: () => expiresAt });

  const { rows } = await gateway.db.pool.query<{ body: string }>(
    'SELECT body FROM outgoing_messages WHERE organization_id = $1 ORDER BY created_at',
    [organizationId],
  );
  const repository = { id: await repositoryId(), name: 'acme/widgets' };
  const testCase = { id: await idOf('shaky'), name: 'shaky' };
  expect(rows.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
    {
      type: 'quarantine.created',
      data: {
        repository,
        testCase,
        quarantine: { mode: 'MUTE', owner: 'ada', isAutomatic: false },
        actor: 'test',
      },
    },
    { type: 'quarantine.removed', data: { testCase, quarantine: { mode: 'SKIP' } } },
    { type: 'quarantine.created', data: { quarantine: { expiresAt: expiresAt.toISOString() } } },
    { type: 'quarantine.expired', timestamp: expiresAt.toISOString(), data: { actor: null } },
  ]);
});
