import type { Tenant } from '../context.ts';
import { Capability } from '../db/generated/prisma/enums.ts';

/** Stands for the key of a caller who has none: the nil UUID of RFC 9562. No stored key has it. */
const NO_API_KEY_ID = '00000000-0000-0000-0000-000000000000';

/** Gives who may do everything in one organization without a key: background work. No door may give it to a request. */
export function systemTenant(organizationId: string): Tenant {
  return { organizationId, apiKeyId: NO_API_KEY_ID, capabilities: Object.values(Capability) };
}
