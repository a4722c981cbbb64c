import type { Tenant } from '../context.ts';
import type { Capability } from '../db/generated/prisma/enums.ts';
import { ForbiddenError } from '../errors.ts';

/**
 * Passes when the caller's key holds the capability. None implies another: an `INGEST` key cannot
 * read, and an admin key holds all five because all five are stored with it.
 *
 * @throws {ForbiddenError} naming the capability that is missing
 */
export function requireCapability(tenant: Tenant, capability: Capability): void {
  if (tenant.capabilities.includes(capability)) return;

  throw new ForbiddenError(`This needs a key with the ${capability} capability.`);
}
