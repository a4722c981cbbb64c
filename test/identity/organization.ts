import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { ServiceContext, Tenant } from '../../src/context.ts';
import type { Database } from '../../src/db/client.ts';
import type { Capability } from '../../src/db/generated/prisma/enums.ts';
import { createApiKey, type CreatedApiKey } from '../../src/identity/create-api-key.ts';
import { operatorContext } from '../../src/identity/organizations.ts';

/** A clock that stands still until it is moved. */
export interface TestClock {
  readonly now: () => Date;
  readonly advance: (ms: number) => void;
}

export function testClock(): TestClock {
  let nowMs = Date.parse('2026-01-02T03:04:05.678Z');
  return { now: () => new Date(nowMs), advance: (ms) => (nowMs += ms) };
}

/** Makes an organization and gives its operator's context. */
export async function newOrganization(db: Database, now: () => Date): Promise<ServiceContext> {
  const slug = `o-${randomUUID()}`;
  await db.prisma.organization.create({ data: { slug, name: slug } });
  return operatorContext(db, slug, { log: pino({ enabled: false }), now });
}

/** Makes a key with these capabilities. */
export function newKey(
  operator: ServiceContext,
  ...capabilities: Capability[]
): Promise<CreatedApiKey> {
  return createApiKey(operator, { name: 'key of a test', capabilities });
}

/** The tenant of a key, as `authenticate` would give it. */
export function tenantOf({ apiKey }: CreatedApiKey): Tenant {
  const { id: apiKeyId, organizationId, capabilities } = apiKey;
  return { organizationId, apiKeyId, capabilities };
}
