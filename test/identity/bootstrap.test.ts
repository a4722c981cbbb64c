import { expect, onTestFinished, test } from 'vitest';
import { createDatabase } from '../../src/db/client.ts';
import { Capability } from '../../src/db/generated/prisma/enums.ts';
import { ConflictError } from '../../src/errors.ts';
import { bootstrap } from '../../src/identity/bootstrap.ts';
import { operatorContext } from '../../src/identity/organizations.ts';
import { revokeApiKey } from '../../src/identity/revoke-api-key.ts';
import { hashSecret } from '../../src/identity/secret.ts';
import { pino } from 'pino';
import { testDatabase } from '../support/test-database.ts';
import { newKey, newOrganization, testClock } from './organization.ts';

const { now } = testClock();
const given = 'a1b2c3d4e5'.repeat(4);

test('the first start makes the organization default with a random admin key', async () => {
  const db = await testDatabase();

  const { organizationId, createdKey } = await bootstrap(db, { now });

  expect(createdKey).toMatch(/^[0-9a-f]{40}$/);
  const keys = await db.prisma.apiKey.findMany({ include: { organization: true } });
  expect(keys).toMatchObject([
    {
      name: 'bootstrap',
      capabilities: Object.values(Capability),
      hint: createdKey?.slice(-4),
      expiresAt: null,
      organization: { id: organizationId, slug: 'default' },
    },
  ]);
});

test('the first start takes the given key', async () => {
  const db = await testDatabase();

  const started = await bootstrap(db, { bootstrapApiKey: given, now });

  expect(started).toMatchObject({ createdKey: given, isGivenKeyIgnored: false });
  const { secretHash } = await db.prisma.apiKey.findFirstOrThrow();
  expect(Buffer.from(secretHash)).toEqual(hashSecret(given));
});

test('later starts change nothing, and say when the given key does not work', async () => {
  const db = await testDatabase();
  const { organizationId } = await bootstrap(db, { bootstrapApiKey: given, now });
  const other = 'f'.repeat(40);

  expect(await bootstrap(db, { now })).toEqual({ organizationId, isGivenKeyIgnored: false });
  expect(await bootstrap(db, { bootstrapApiKey: given, now })).toEqual({
    organizationId,
    isGivenKeyIgnored: false,
  });
  expect(await bootstrap(db, { bootstrapApiKey: other, now })).toEqual({
    organizationId,
    isGivenKeyIgnored: true,
  });
  expect(await db.prisma.apiKey.count()).toBe(1);
});

test('a revoked bootstrap key stays revoked on the next start', async () => {
  const db = await testDatabase();
  await bootstrap(db, { bootstrapApiKey: given, now });
  const operator = await operatorContext(db, 'default', { log: pino({ enabled: false }), now });
  const { id } = await db.prisma.apiKey.findFirstOrThrow();
  await revokeApiKey(operator, { id, evenIfLastAdmin: true });

  const { isGivenKeyIgnored } = await bootstrap(db, { bootstrapApiKey: given, now });

  expect(isGivenKeyIgnored).toBe(true);
  expect(await db.prisma.apiKey.count({ where: { revokedAt: null } })).toBe(0);
});

test('of eight gateways that start at once, one makes the organization and its key', async () => {
  const { url, prisma } = await testDatabase();
  const gateways = Array.from({ length: 8 }, () => createDatabase(url, { maxConnections: 2 }));
  onTestFinished(async () => {
    await Promise.all(gateways.map((db) => db.close()));
  });

  const started = await Promise.all(gateways.map((db) => bootstrap(db, { now })));

  expect(new Set(started.map(({ organizationId }) => organizationId)).size).toBe(1);
  expect(started.filter(({ createdKey }) => createdKey !== undefined)).toHaveLength(1);
  expect(await prisma.apiKey.count()).toBe(1);
});

test('a given key that another organization holds stops the start and makes nothing', async () => {
  const db = await testDatabase();
  const { secret } = await newKey(await newOrganization(db, now), 'READ');

  await expect(bootstrap(db, { bootstrapApiKey: secret, now })).rejects.toThrow(ConflictError);

  expect(await db.prisma.organization.count({ where: { slug: 'default' } })).toBe(0);
});
