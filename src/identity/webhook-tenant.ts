import type { Tenant } from '../context.ts';
import { systemTenant } from './system-tenant.ts';

/** Gives who sends webhooks to a source of the organization: without a key, and for nothing but sending. */
export function webhookTenant(organizationId: string): Tenant {
  return { ...systemTenant(organizationId), capabilities: ['INGEST'] };
}
