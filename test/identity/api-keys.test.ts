import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/db/client.ts';
import { Capability } from '../../src/db/generated/prisma/enums.ts';
import { ConflictError, ForbiddenError, NotFoundError, ValidationError } from '../../src/errors.ts';
import { createApiKey, type CreateApiKeyInput } from '../../src/identity/create-api-key.ts';
import { listApiKeys } from '../../src/identity/list-api-keys.ts';
import { organizationBySlug } from '../../src/identity/organizations.ts';
import { requireCapability } from '../../src/identity/require-capability.ts';
import { revokeApiKey } from '../../src/identity/revoke-api-key.ts';
import { testDatabase } from '../support/test-database.ts';
import { newKey, newOrganization, tenantOf, testClock } from './organization.ts';

let db: Database;
beforeAll(async () => {
  db = await testDatabase();
});

test('a new key is 40 lower-case hex digits, of which only the SHA-256 and the last four are stored', async () => {
  const operator = await newOrganization(db, testClock().now);

  const { apiKey, secret } = await newKey(operator, 'READ');

  expect(secret).toMatch(/^[0-9a-f]{40}$/);
  const stored = await db.prisma.apiKey.findUniqueOrThrow({ where: { id: apiKey.id } });
  expect(Buffer.from(stored.secretHash)).toEqual(createHash('sha256').update(secret).digest());
  expect(stored.hint).toBe(secret.slice(-4));
  expect(JSON.stringify(stored)).not.toContain(secret);
  expect(apiKey).not.toHaveProperty('secretHash');
});

test('a new key keeps its name, capabilities in their fixed order, expiry and owner', async () => {
  const clock = testClock();
  const operator = await newOrganization(db, clock.now);
  const user = await db.prisma.user.create({ data: { email: 'ada@example.org', name: 'Ada' } });
  const expiresAt = new Date(clock.now().getTime() + 1);

  const { apiKey } = await createApiKey(operator, {
    name: '  nightly ',
    capabilities: ['READ', 'INGEST'],
    expiresAt,
    userId: user.id,
  });

  expect(apiKey).toMatchObject({
    organizationId: operator.tenant.organizationId,
    userId: user.id,
    name: 'nightly',
    capabilities: ['INGEST', 'READ'],
    expiresAt,
    revokedAt: null,
    lastUsedAt: null,
    createdAt: clock.now(),
  });
});

const valid: CreateApiKeyInput = { name: 'key', capabilities: ['READ'] };
const uuid = '01234567-89ab-4def-8123-456789abcdef';

test.each<[string, CreateApiKeyInput]>([
  ['name', { ...valid, name: '  ' }],
  ['name', { ...valid, name: 'n'.repeat(201) }],
  ['name', { ...valid, name: 'a\u0000b' }],
  ['name', { ...valid, name: 'two\nlines' }],
  ['capabilities', { ...valid, capabilities: [] }],
  ['capabilities', { ...valid, capabilities: ['READ', 'READ'] }],
  ['expiresAt', { ...valid, expiresAt: testClock().now() }],
  ['expiresAt', { ...valid, expiresAt: new Date('+012345-01-01T00:00:00Z') }],
  ['expiresAt', { ...valid, expiresAt: new Date(Number.NaN) }],
  ['userId', { ...valid, userId: 'ada' }],
  ['userId', { ...valid, userId: uuid }],
])('a wrong %s is refused by name: %j', async (field, input) => {
  const operator = await newOrganization(db, testClock().now);

  const refused = createApiKey(operator, input);

  await expect(refused).rejects.toThrow(ValidationError);
  await expect(refused).rejects.toMatchObject({ issues: [{ path: ['input', field] }] });
});

test('every wrong field is named at once', async () => {
  const operator = await newOrganization(db, testClock().now);

  const refused = createApiKey(operator, {
    name: '',
    capabilities: [],
    expiresAt: new Date(0),
    userId: '',
  });

  await expect(refused).rejects.toMatchObject({
    issues: ['name', 'capabilities', 'expiresAt', 'userId'].map((field) => ({
      path: ['input', field],
    })),
  });
});

test('no capability implies another', () => {
  for (const held of Object.values(Capability)) {
    const tenant = { organizationId: uuid, apiKeyId: uuid, capabilities: [held] };
    for (const needed of Object.values(Capability)) {
      const attempt = expect(() => {
        requireCapability(tenant, needed);
      });
      if (needed === held) attempt.not.toThrow();
      else attempt.toThrow(new ForbiddenError(`This needs a key with the ${needed} capability.`));
    }
  }
});

test('creating, listing and revoking keys need the ADMIN capability', async () => {
  const operator = await newOrganization(db, testClock().now);
  const { apiKey } = await newKey(operator, 'READ');
  const capabilities = ['INGEST', 'READ', 'MANAGE', 'EXECUTE'] as const;
  const ctx = { ...operator, tenant: { ...operator.tenant, capabilities } };

  await expect(createApiKey(ctx, valid)).rejects.toThrow(/ADMIN/);
  await expect(listApiKeys(ctx)).rejects.toThrow(ForbiddenError);
  await expect(revokeApiKey(ctx, { id: apiKey.id })).rejects.toThrow(ForbiddenError);
});

test('a key cannot give a capability it lacks', async () => {
  const operator = await newOrganization(db, testClock().now);
  const admin = { ...operator, tenant: tenantOf(await newKey(operator, 'ADMIN', 'READ')) };

  const refused = createApiKey(admin, { name: 'more', capabilities: ['READ', 'INGEST'] });

  await expect(refused).rejects.toThrow(ForbiddenError);
  await expect(refused).rejects.toThrow(/lacks INGEST\./);
  await expect(createApiKey(admin, valid)).resolves.toHaveProperty('secret');
});

test('the list holds the keys of the own organization only, newest first, without hashes', async () => {
  const clock = testClock();
  const operator = await newOrganization(db, clock.now);
  await newKey(await newOrganization(db, clock.now), 'READ');
  const older = await newKey(operator, 'READ');
  clock.advance(1);
  const newer = await newKey(operator, 'READ');

  const keys = await listApiKeys(operator);

  expect(keys).toEqual([newer.apiKey, older.apiKey]);
});

test('a key is revoked once, and revoking it again changes nothing', async () => {
  const clock = testClock();
  const operator = await newOrganization(db, clock.now);
  const { apiKey } = await newKey(operator, 'READ');

  const first = await revokeApiKey(operator, { id: apiKey.id });
  clock.advance(1_000);
  const second = await revokeApiKey(operator, { id: apiKey.id.toUpperCase() });

  expect(first).toEqual({ ...apiKey, revokedAt: new Date('2026-01-02T03:04:05.678Z') });
  expect(second).toEqual(first);
});

test('the key of another organization and no key at all are the same answer', async () => {
  const { now } = testClock();
  const foreign = await newKey(await newOrganization(db, now), 'READ');
  const operator = await newOrganization(db, now);

  for (const id of [foreign.apiKey.id, uuid, 'not an id', 'a\u0000b', '']) {
    await expect(revokeApiKey(operator, { id })).rejects.toThrow(
      new NotFoundError('There is no API key with this id.'),
    );
  }
  const untouched = await db.prisma.apiKey.findUniqueOrThrow({ where: { id: foreign.apiKey.id } });
  expect(untouched.revokedAt).toBeNull();
});

test('the last working admin key is revoked only by saying so', async () => {
  const clock = testClock();
  const operator = await newOrganization(db, clock.now);
  const { apiKey } = await newKey(operator, 'ADMIN');
  await createApiKey(operator, {
    name: 'expires before the attempt',
    capabilities: ['ADMIN'],
    expiresAt: new Date(clock.now().getTime() + 10),
  });
  clock.advance(10);

  await expect(revokeApiKey(operator, { id: apiKey.id })).rejects.toThrow(ConflictError);
  const revoked = await revokeApiKey(operator, { id: apiKey.id, evenIfLastAdmin: true });

  expect(revoked.revokedAt).toEqual(clock.now());
});

test('two admins who revoke each other at once leave one of them', async () => {
  const operator = await newOrganization(db, testClock().now);
  const keys = [await newKey(operator, 'ADMIN'), await newKey(operator, 'ADMIN')];

  const outcomes = await Promise.allSettled(
    keys.map(({ apiKey }) => revokeApiKey(operator, { id: apiKey.id })),
  );

  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const { organizationId } = operator.tenant;
  expect(await db.prisma.apiKey.count({ where: { organizationId, revokedAt: null } })).toBe(1);
});

test('an organization is found by its slug in any letter case, and an unknown one is named', async () => {
  await db.prisma.organization.create({ data: { slug: 'acme', name: 'Acme' } });

  expect(await organizationBySlug(db, ' Acme')).toMatchObject({ slug: 'acme', name: 'Acme' });
  await expect(organizationBySlug(db, 'nobody')).rejects.toThrow(
    new NotFoundError('There is no organization "nobody".'),
  );
});
