import {
  fixedCount,
  fixedFindings,
  newCount,
  newFindings,
  previousReport,
} from '../../analytics/security-changes.ts';
import { keptWith } from '../../analytics/kept.ts';
import { securityFindings } from '../../analytics/security-findings.ts';
import type { SecurityReport as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { nested } from '../connection.ts';
import { derived, reachable, related } from '../related.ts';
import { BuildRef } from '../types/build.ts';
import { SecurityReportRef } from '../types/reports.ts';
import { RepositoryRef } from '../types/repository.ts';
import {
  SecurityFindingConnection,
  securityFindingList,
  SecurityFindingRef,
} from '../types/security-finding.ts';

const column = { name: 'reportId', type: 'uuid' } as const;
const parentField = 'id' satisfies keyof Parent;

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
      ...nested(securityFindings, (asked: object) => asked, column, parentField),
    },
    SecurityFindingConnection,
  ),
  previous: t.field({
    type: SecurityReportRef,
    nullable: true,
    description:
      'The report before it: the latest of the same tool, branch and repository that was recorded before, by time and id. Null for the first one, and where the repository is unknown. Reports of one build and one moment are parts of one scan; none comes before another.',
    authScopes: { capability: 'READ' },
    extensions: { rowBelow: { model: 'SecurityReport', idField: 'id', idOf: previousReport } },
    resolve: (report, _args, { loaders }, info) => {
      const kept = keptWith<Parent | null>(report, info.fieldName);
      return kept === undefined ? loaders.previousSecurityReport(report.id) : kept;
    },
  }),
  newFindings: t.connection(
    {
      type: SecurityFindingRef,
      description:
        'Findings that the previous report had not, by `fingerprint`, in the order of this one; all of them when there is no previous report. Suppressed ones are not new; one that was suppressed and no longer is, is new.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: securityFindingList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: securityFindingList.args.order,
          description: 'POSITION ASC when absent.',
        }),
      },
      ...nested(newFindings, (asked: object) => asked, column, parentField),
    },
    SecurityFindingConnection,
  ),
  fixedFindings: t.connection(
    {
      type: SecurityFindingRef,
      description:
        'Findings of the previous report that this one has not, by `fingerprint`, in the order of the previous one; none when there is no previous report. One that was suppressed before, or is here and suppressed, is not fixed.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: securityFindingList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: securityFindingList.args.order,
          description: 'POSITION ASC when absent.',
        }),
      },
      ...nested(fixedFindings, (asked: object) => asked, column, parentField),
    },
    SecurityFindingConnection,
  ),
  newCount: t.int({
    description: 'How many `newFindings` there are.',
    authScopes: { capability: 'READ' },
    ...derived<Parent, number>('id', newCount, (id, { loaders }) => loaders.newFindingCount(id)),
  }),
  fixedCount: t.int({
    description: 'How many `fixedFindings` there are.',
    authScopes: { capability: 'READ' },
    ...derived<Parent, number>('id', fixedCount, (id, { loaders }) =>
      loaders.fixedFindingCount(id),
    ),
  }),
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
