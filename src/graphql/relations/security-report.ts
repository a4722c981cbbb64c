import type { SecurityReport as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { reachable, related } from '../related.ts';
import { BuildRef } from '../types/build.ts';
import { RepositoryRef } from '../types/repository.ts';

builder.prismaObjectFields('SecurityReport', (t) => ({
  repository: t.field({
    type: RepositoryRef,
    nullable: true,
    description: 'The repository that was scanned; null when unknown.',
    authScopes: { capability: 'READ' },
    ...reachable<Parent, 'Repository'>('Repository', 'repositoryId'),
  }),
  build: t.field({
    type: BuildRef,
    description: 'The build that was scanned.',
    authScopes: { capability: 'READ' },
    ...related<Parent, 'Build'>('Build', 'buildId'),
  }),
}));
