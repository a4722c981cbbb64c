import type { Database } from '../db/client.ts';
import type { WebhookProvider } from '../db/generated/prisma/enums.ts';
import { query, sql } from '../db/sql.ts';
import { purposeOf } from './create-webhook-source.ts';
import type { SecretBox } from './seal.ts';

/** A source that may send, with its secret in clear. */
export interface OpenWebhookSource {
  readonly organizationId: string;
  readonly sourceId: string;
  readonly secret: string;
}

/**
 * Gives the source at an address; undefined when it is unknown, revoked, or of another CI system.
 *
 * @throws {SealedError} when its secret cannot be opened
 */
export async function findWebhookSource(
  { db, secrets }: { readonly db: Database; readonly secrets: SecretBox },
  provider: WebhookProvider,
  sourceId: string,
): Promise<OpenWebhookSource | undefined> {
  // By organization, which leads the index: the address does not say which one.
  const [source] = await query<{ organizationId: string; sealedSecret: Uint8Array }>(
    db.pool,
    sql`SELECT s.organization_id AS "organizationId", s.sealed_secret AS "sealedSecret"
      FROM organizations o
      JOIN webhook_sources s ON s.organization_id = o.id AND s.id = ${sourceId}::uuid
      WHERE s.provider = ${provider}::webhook_provider AND s.revoked_at IS NULL`,
  );
  if (source === undefined) return undefined;
  const { organizationId, sealedSecret } = source;
  const secret = secrets.open(sealedSecret, purposeOf(organizationId, sourceId));
  return { organizationId, sourceId, secret };
}
