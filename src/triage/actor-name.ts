import type { Tenant } from '../context.ts';
import { type Queryable, query, sql } from '../db/sql.ts';

/** Who decides, as the logs of decisions call them: the name of the caller's key, `operator` without one. */
export async function actorName(
  tx: Queryable,
  { organizationId, apiKeyId }: Tenant,
): Promise<string> {
  const [key] = await query<{ name: string }>(
    tx,
    sql`SELECT name FROM api_keys WHERE organization_id = ${organizationId}::uuid AND id = ${apiKeyId}::uuid`,
  );
  return key?.name ?? 'operator';
}
