import { builder } from '../builder.ts';

export const OrganizationRef = builder.prismaNode('Organization', {
  id: { resolve: ({ id }) => id },
  // A key sees its own organization and no other: any other id reads as "not there".
  findUnique: (id, { tenant: { organizationId } }) => ({ id: organizationId, AND: { id } }),
  nullable: true,
  fields: (t) => ({
    databaseId: t.exposeString('id', { description: 'UUID of the organization.' }),
    slug: t.exposeString('slug'),
    name: t.exposeString('name'),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
});
