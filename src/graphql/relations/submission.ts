import { coverageReports, securityReports } from '../../analytics/reports.ts';
import { reportFiles } from '../../analytics/report-files.ts';
import { testResults } from '../../analytics/test-results.ts';
import type { Submission as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { nested } from '../connection.ts';
import { reachable, related } from '../related.ts';
import { BuildRef } from '../types/build.ts';
import { ReportFileConnection, ReportFileRef, reportFileList } from '../types/report-file.ts';
import {
  CoverageReportConnection,
  CoverageReportRef,
  reportList,
  SecurityReportConnection,
  SecurityReportRef,
} from '../types/reports.ts';
import { RepositoryRef } from '../types/repository.ts';
import { TestResultConnection, TestResultRef, testResultList } from '../types/test-result.ts';

builder.prismaObjectFields('Submission', (t) => ({
  testResults: t.connection(
    {
      type: TestResultRef,
      description: 'The attempts it recorded, newest first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: testResultList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: testResultList.args.order,
          description: 'RECORDED_AT DESC when absent.',
        }),
      },
      ...nested(
        testResults,
        testResultList.toFilter,
        { name: 'submissionId', type: 'text' },
        'id' satisfies keyof Parent,
      ),
    },
    TestResultConnection,
  ),
  coverageReports: t.connection(
    {
      type: CoverageReportRef,
      description: 'The coverage reports it brought, newest first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: reportList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: reportList.args.order,
          description: 'RECORDED_AT DESC when absent.',
        }),
      },
      ...nested(
        coverageReports,
        reportList.toFilter,
        { name: 'submissionId', type: 'text' },
        'id' satisfies keyof Parent,
      ),
    },
    CoverageReportConnection,
  ),
  securityReports: t.connection(
    {
      type: SecurityReportRef,
      description: 'The security reports it brought, newest first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: reportList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: reportList.args.order,
          description: 'RECORDED_AT DESC when absent.',
        }),
      },
      ...nested(
        securityReports,
        reportList.toFilter,
        { name: 'submissionId', type: 'text' },
        'id' satisfies keyof Parent,
      ),
    },
    SecurityReportConnection,
  ),
  health: t.connection(
    {
      type: ReportFileRef,
      description: 'What became of each uploaded file, in the order in which they were read.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: reportFileList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: reportFileList.args.order,
          description: 'POSITION ASC when absent.',
        }),
      },
      ...nested(
        reportFiles,
        (asked: object) => asked,
        { name: 'submissionId', type: 'text' },
        'id' satisfies keyof Parent,
      ),
    },
    ReportFileConnection,
  ),
  repository: t.field({
    type: RepositoryRef,
    description: 'The repository the reports are about.',
    authScopes: { capability: 'READ' },
    ...related<Parent, 'Repository'>('Repository', 'repositoryId'),
  }),
  build: t.field({
    type: BuildRef,
    nullable: true,
    description: 'The build it belongs to; null when unknown.',
    authScopes: { capability: 'READ' },
    ...reachable<Parent, 'Build'>('Build', 'buildId'),
  }),
}));
