import type { Logger } from 'pino';
import type { ServiceContext } from '../context.ts';
import type { Database } from '../db/client.ts';
import type { Organization } from '../db/generated/prisma/client.ts';
import { NotFoundError } from '../errors.ts';
import { systemTenant } from './system-tenant.ts';

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
  return { db, log, now, tenant: systemTenant(organizationId) };
}
