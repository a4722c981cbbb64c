import { randomUUID } from 'node:crypto';
import type { Database } from '../db/client.ts';
import { Capability } from '../db/generated/prisma/enums.ts';
import { inTransaction, query, sql, type Queryable } from '../db/sql.ts';
import { ConflictError } from '../errors.ts';
import { createSecret, hashSecret, hintOfSecret } from './secret.ts';
import { isWorking } from './working-api-keys.ts';

const SLUG = 'default';

export interface BootstrapOptions {
  /** Value of `BOOTSTRAP_API_KEY`: 40 hex digits. */
  readonly bootstrapApiKey?: string | undefined;
  readonly now: () => Date;
}

/** What a start found or made. */
export interface Bootstrapped {
  /** The organization `default`. */
  readonly organizationId: string;
  /** The admin key made by this start, given or random; absent on later starts. Print a random one once. */
  readonly createdKey?: string;
  /** The given key was not needed and does not work either: worth a line of warning in the log. */
  readonly isGivenKeyIgnored: boolean;
}

/**
 * Makes the organization `default` with an admin key of all capabilities, on the first start; later
 * starts change nothing. Of several gateways that start at once, one makes both.
 *
 * @throws {ConflictError} when the given key already belongs to another organization
 */
export async function bootstrap(db: Database, options: BootstrapOptions): Promise<Bootstrapped> {
  const { bootstrapApiKey, now } = options;
  const given = bootstrapApiKey?.trim();
  const secret = given ?? createSecret();
  const madeId = await inTransaction(db.pool, async (tx) => {
    const organizationId = await createOrganization(tx, now());
    if (organizationId !== null) await createAdminKey(tx, organizationId, secret, now());
    return organizationId;
  });
  if (madeId !== null) {
    return { organizationId: madeId, createdKey: secret, isGivenKeyIgnored: false };
  }

  const { id: organizationId } = await db.prisma.organization.findUniqueOrThrow({
    where: { slug: SLUG },
  });
  const isGivenKeyIgnored =
    given !== undefined && !(await isWorkingKeyOf(db, organizationId, given, now()));
  return { organizationId, isGivenKeyIgnored };
}

/** A gateway that starts at the same time waits here, in the unique index, for the other's commit. */
async function createOrganization(tx: Queryable, createdAt: Date): Promise<string | null> {
  const [made] = await query<{ id: string }>(
    tx,
    sql`INSERT INTO organizations (id, slug, name, created_at)
        VALUES (${randomUUID()}::uuid, ${SLUG}, 'Default', ${createdAt})
        ON CONFLICT (slug) DO NOTHING RETURNING id`,
  );
  return made?.id ?? null;
}

async function createAdminKey(
  tx: Queryable,
  organizationId: string,
  secret: string,
  createdAt: Date,
): Promise<void> {
  const made = await query(
    tx,
    sql`INSERT INTO api_keys (id, organization_id, name, secret_hash, hint, capabilities, created_at)
        VALUES (${randomUUID()}::uuid, ${organizationId}::uuid, 'bootstrap', ${hashSecret(secret)},
                ${hintOfSecret(secret)}, ${Object.values(Capability)}::capability[], ${createdAt})
        ON CONFLICT (secret_hash) DO NOTHING RETURNING id`,
  );
  if (made.length > 0) return;

  throw new ConflictError('BOOTSTRAP_API_KEY is already a key of another organization.');
}

async function isWorkingKeyOf(
  db: Database,
  organizationId: string,
  secret: string,
  at: Date,
): Promise<boolean> {
  const key = await db.prisma.apiKey.findUnique({
    where: { organizationId, secretHash: hashSecret(secret) },
  });
  return key !== null && isWorking(key, at);
}
