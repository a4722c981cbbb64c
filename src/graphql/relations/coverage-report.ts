import type { CoverageReport as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { reachable, related } from '../related.ts';
import { BuildRef } from '../types/build.ts';
import { RepositoryRef } from '../types/repository.ts';

builder.prismaObjectFields('CoverageReport', (t) => ({
  repository: t.field({
    type: RepositoryRef,
    description: 'The repository that was measured.',
    authScopes: { capability: 'READ' },
    ...related<Parent, 'Repository'>('Repository', 'repositoryId'),
  }),
  build: t.field({
    type: BuildRef,
    nullable: true,
    description: 'The build that measured it; null when unknown.',
    authScopes: { capability: 'READ' },
    ...reachable<Parent, 'Build'>('Build', 'buildId'),
  }),
}));
