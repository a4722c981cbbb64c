import type { Stage as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { reachable, related } from '../related.ts';
import { BuildRef } from '../types/build.ts';
import { RepositoryRef } from '../types/repository.ts';

builder.prismaObjectFields('Stage', (t) => ({
  build: t.field({
    type: BuildRef,
    description: 'The build it is a step of.',
    authScopes: { capability: 'READ' },
    ...related<Parent, 'Build'>('Build', 'buildId'),
  }),
  repository: t.field({
    type: RepositoryRef,
    nullable: true,
    description: 'The repository that was built; null when unknown.',
    authScopes: { capability: 'READ' },
    ...reachable<Parent, 'Repository'>('Repository', 'repositoryId'),
  }),
}));
