import { beforeAll, expect, test } from 'vitest';
import { createKey } from '../identity/key-operations.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { newTriage } from '../triage/triage-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const path = '/api/v1/quarantine?repository=Acme/Widgets';

function get(key: string, { etag = '', method = 'GET', at = path } = {}) {
  const headers = { authorization: `Bearer ${key}`, ...(etag && { 'if-none-match': etag }) };
  return fetch(new URL(at, gateway.url), { method, headers });
}

const etagOf = (response: Response) => response.headers.get('etag') ?? '';

/** Two tests, one of which is to be skipped. */
async function organization() {
  const triage = await newTriage(gateway);
  await triage.run('shaky', 'FAILED');
  await triage.run('other', 'PASSED');
  await triage.quarantine('shaky', { mode: 'SKIP', reason: 'times "out"', owner: 'ada' });
  return triage;
}

test('runners get the tests that are to be muted or skipped, the latest first', async () => {
  const { key, idOf, run, quarantine } = await organization();
  await run('never', 'PASSED');
  await quarantine('never', { mode: 'NEVER' });
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  await quarantine('other', { mode: 'MUTE', expiresAt });

  const response = await get(key);

  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/json; charset=UTF-8',
    'cache-control': 'private, no-cache',
    vary: 'authorization, x-api-key',
    etag: expect.stringMatching(/^"[0-9a-f]{8}\.3\.0"$/) as unknown,
  });
  const identity = { suite: '', className: '', file: '', variant: '' };
  expect(await response.json()).toEqual({
    repository: 'acme/widgets',
    isComplete: true,
    tests: [
      {
        id: await idOf('other'),
        ...identity,
        name: 'other',
        mode: 'MUTE',
        reason: null,
        owner: null,
        expiresAt,
      },
      {
        id: await idOf('shaky'),
        ...identity,
        name: 'shaky',
        mode: 'SKIP',
        reason: 'times "out"',
        owner: 'ada',
        expiresAt: null,
      },
    ],
  });
});

test('who has the list is told so by one statement that reads neither tests nor results', async () => {
  const { key } = await organization();
  const etag = etagOf(await get(key));
  const before = gateway.statements().length;

  const response = await get(key, { etag: `"other", W/${etag}` });

  const statements = gateway.statements().slice(before);
  expect(response.status).toBe(304);
  expect(etagOf(response)).toBe(etag);
  expect(await response.text()).toBe('');
  expect(statements).toHaveLength(1);
  expect(statements.join()).not.toMatch(/test_results|test_cases/);
});

test.each(['change', 'end', 'begin'])('a quarantine that %ss makes another list', async (what) => {
  const { key, quarantine, unquarantine } = await organization();
  const etag = etagOf(await get(key));
  const changes: Readonly<Record<string, () => Promise<unknown>>> = {
    change: () => quarantine('shaky', { mode: 'SKIP', reason: 'another' }),
    end: () => unquarantine('shaky'),
    begin: () => quarantine('other', { mode: 'MUTE' }),
  };
  await quarantine('shaky', { mode: 'SKIP', reason: 'times "out"', owner: 'ada' });
  const same = await get(key, { etag });

  await changes[what]?.();
  const response = await get(key, { etag });

  expect(same.status).toBe(304);
  expect(response.status).toBe(200);
  expect(etagOf(response)).not.toBe(etag);
});

test('each quarantine that ends by itself makes another list, before anything sweeps it away', async () => {
  const { organizationId, key, quarantine } = await organization();
  await quarantine('shaky', { mode: 'SKIP', expiresAt: new Date(Date.now() + 3_600_000) });
  await quarantine('other', { mode: 'SKIP', expiresAt: new Date(Date.now() + 7_200_000) });
  const sizes: number[] = [];
  const etags: string[] = [];
  const look = async () => {
    const response = await get(key, { etag: etags.at(-1) ?? '' });
    const { tests } = (await response.json()) as { tests: unknown[] };
    sizes.push(tests.length);
    etags.push(etagOf(response));
  };

  await look();
  for (const hours of [1, 1]) {
    await gateway.db.pool.query(
      `UPDATE quarantines SET since = since - make_interval(hours => $2), expires_at = expires_at - make_interval(hours => $2)
       WHERE organization_id = $1`,
      [organizationId, hours],
    );
    await look();
  }

  expect(sizes).toEqual([2, 1, 0]);
  expect(new Set(etags).size).toBe(3);
});

test('HEAD gives the ETag, and READ or INGEST is enough', async () => {
  const { key } = await organization();
  const etag = etagOf(await get(key));
  const keys = await Promise.all(
    (['READ', 'INGEST', 'MANAGE'] as const).map((capability) =>
      createKey(gateway, key, capability),
    ),
  );

  const head = await get(key, { method: 'HEAD' });
  const answers = await Promise.all(keys.map(({ secret }) => get(secret)));

  expect(head.status).toBe(200);
  expect(etagOf(head)).toBe(etag);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 403]);
});

test('what cannot be answered is refused', async () => {
  const { key } = await organization();
  const stranger = await gateway.createOrganization();

  const answers = await Promise.all([
    get(key, { at: '/api/v1/quarantine' }),
    get(key, { at: '/api/v1/quarantine?repository=widgets' }),
    get(key, { at: '/api/v1/quarantine?repository=acme/nothing' }),
    get(stranger.key),
    get(stranger.key, { etag: '*' }),
    get('nobody'),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([400, 400, 404, 404, 404, 401]);
});

test('a list that is too long is cut off, and says so', async () => {
  const { organizationId, key, repositoryId } = await organization();
  await gateway.db.pool.query(
    `WITH made AS (INSERT INTO test_cases (organization_id, id, repository_id, suite, class_name, name, file, variant, first_seen_at)
       SELECT $1, left(md5(i::text), 24), $2, repeat('x', 10000), '', i::text, '', '', now() FROM generate_series(1, 2000) i
       RETURNING id)
     INSERT INTO quarantines (organization_id, test_case_id, repository_id, mode, since)
     SELECT $1, left(md5(i::text), 24), $2, 'MUTE', now() FROM generate_series(1, 2000) i`,
    [organizationId, await repositoryId()],
  );

  const body = await (await get(key)).text();

  const { isComplete, tests } = JSON.parse(body) as { isComplete: boolean; tests: unknown[] };
  expect(isComplete).toBe(false);
  expect(tests.length).toBeGreaterThan(1_500);
  expect(body.length).toBeLessThan(17 * 1024 * 1024);
});
