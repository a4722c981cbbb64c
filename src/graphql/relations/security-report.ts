import { securityFindings } from '../../analytics/security-findings.ts';
import type { SecurityReport as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { nested } from '../connection.ts';
import { reachable, related } from '../related.ts';
import { BuildRef } from '../types/build.ts';
import { RepositoryRef } from '../types/repository.ts';
import {
  SecurityFindingConnection,
  securityFindingList,
  SecurityFindingRef,
} from '../types/security-finding.ts';

builder.prismaObjectFields('SecurityReport', (t) => ({
  findings: t.connection(
    {
      type: SecurityFindingRef,
      description: 'What the scan found, in the order of the report.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: securityFindingList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: securityFindingList.args.order,
          description: 'POSITION ASC when absent.',
        }),
      },
      ...nested(
        securityFindings,
        (asked: object) => asked,
        { name: 'reportId', type: 'uuid' },
        'id' satisfies keyof Parent,
      ),
    },
    SecurityFindingConnection,
  ),
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
