import { coverageFiles } from '../../analytics/coverage-files.ts';
import type { CoverageReport as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { nested } from '../connection.ts';
import { reachable, related } from '../related.ts';
import { BuildRef } from '../types/build.ts';
import {
  CoverageFileConnection,
  coverageFileList,
  CoverageFileRef,
} from '../types/coverage-file.ts';
import { RepositoryRef } from '../types/repository.ts';

builder.prismaObjectFields('CoverageReport', (t) => ({
  files: t.connection(
    {
      type: CoverageFileRef,
      description: 'Its source files, by path.',
      authScopes: { capability: 'READ' },
      args: {
        orderBy: t.arg({ type: coverageFileList.args.order, description: 'PATH ASC when absent.' }),
      },
      ...nested(
        coverageFiles,
        () => coverageFiles.everything,
        { name: 'reportId', type: 'uuid' },
        'id' satisfies keyof Parent,
      ),
    },
    CoverageFileConnection,
  ),
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
