import type { Logger } from 'pino';
import type { ServiceContext } from '../context.ts';
import type { Database } from '../db/client.ts';
import type { Organization } from '../db/generated/prisma/client.ts';
import { Capability } from '../db/generated/prisma/enums.ts';
import { NotFoundError } from '../errors.ts';

/** Stands for the key of a caller who has none: the nil UUID of RFC 9562. No stored key has it. */
const NO_API_KEY_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Gives the organization with this slug, in any letter case.
 *
 * @throws {NotFoundError} when there is none
 */
export async function organizationBySlug(db: Database, slug: string): Promise<Organization> {
  const organization = await db.prisma.organization.findUnique({
    where: { slug: slug.trim().toLowerCase() },
  });
  if (organization === null) throw new NotFoundError(`There is no organization "${slug}".`);

  return organization;
}

/**
 * Gives a context that may do everything in one organization, without a key: for the command line,
 * whose user already holds the database. No door may give it to a request.
 *
 * @throws {NotFoundError} when there is no organization with this slug
 */
export async function operatorContext(
  db: Database,
  slug: string,
  { log, now }: { readonly log: Logger; readonly now: () => Date },
): Promise<ServiceContext> {
  const { id: organizationId } = await organizationBySlug(db, slug);
  const tenant = { organizationId, apiKeyId: NO_API_KEY_ID, capabilities: allCapabilities };
  return { db, log, now, tenant };
}

const allCapabilities = Object.values(Capability);
