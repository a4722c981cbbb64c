import type { Tenant } from '../../context.ts';
import { ownApiKey } from '../../identity/own-api-key.ts';
import { builder } from '../builder.ts';
import { ApiKeyRef } from './api-key.ts';
import { OrganizationRef } from './organization.ts';

const ViewerRef = builder.objectRef<Tenant>('Viewer').implement({
  description: 'Who is asking.',
  fields: (t) => ({
    organization: t.prismaField({
      type: OrganizationRef,
      description: 'The organization of the key.',
      resolve: (query, { organizationId: id }, _args, { db }) =>
        db.prisma.organization.findUniqueOrThrow({ ...query, where: { id } }),
    }),
    apiKey: t.field({
      type: ApiKeyRef,
      description: 'The key of this request.',
      resolve: (_viewer, _args, ctx) => ownApiKey(ctx),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    description:
      'Who is asking: the key of this request, whatever it may do, and its organization.',
    skipTypeScopes: true,
    resolve: (_root, _args, { tenant }) => tenant,
  }),
);
