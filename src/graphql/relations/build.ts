import { coverageReports, securityReports } from '../../analytics/reports.ts';
import { stagesOfBuild } from '../../analytics/stages.ts';
import { submissions } from '../../analytics/submissions.ts';
import { testResults } from '../../analytics/test-results.ts';
import type { Build as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { resolveNested } from '../connection.ts';
import { reachable } from '../related.ts';
import {
  CoverageReportConnection,
  CoverageReportRef,
  SecurityReportConnection,
  SecurityReportRef,
  reportList,
} from '../types/reports.ts';
import { RepositoryRef } from '../types/repository.ts';
import { StageConnection, StageRef, stageList } from '../types/stage.ts';
import { SubmissionConnection, SubmissionRef, submissionList } from '../types/submission.ts';
import { TestResultConnection, TestResultRef, testResultList } from '../types/test-result.ts';

builder.prismaObjectFields('Build', (t) => ({
  stages: t.connection(
    {
      type: StageRef,
      description: 'Its stages, in their order.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: stageList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: stageList.args.orderInBuild,
          description: 'ORDER ASC when absent.',
        }),
      },
      resolve: resolveNested(
        stagesOfBuild,
        stageList.toFilter,
        { name: 'buildId', type: 'uuid' },
        (parent: Parent) => parent.id,
      ),
    },
    StageConnection,
  ),
  submissions: t.connection(
    {
      type: SubmissionRef,
      description: 'Submissions that belong to it, newest first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: submissionList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: submissionList.args.order,
          description: 'RECORDED_AT DESC when absent.',
        }),
      },
      resolve: resolveNested(
        submissions,
        submissionList.toFilter,
        { name: 'buildId', type: 'uuid' },
        (parent: Parent) => parent.id,
      ),
    },
    SubmissionConnection,
  ),
  testResults: t.connection(
    {
      type: TestResultRef,
      description: 'Its test results, newest first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: testResultList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: testResultList.args.order,
          description: 'RECORDED_AT DESC when absent.',
        }),
      },
      resolve: resolveNested(
        testResults,
        testResultList.toFilter,
        { name: 'buildId', type: 'uuid' },
        (parent: Parent) => parent.id,
      ),
    },
    TestResultConnection,
  ),
  coverageReports: t.connection(
    {
      type: CoverageReportRef,
      description: 'Its coverage reports, newest first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: reportList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: reportList.args.order,
          description: 'RECORDED_AT DESC when absent.',
        }),
      },
      resolve: resolveNested(
        coverageReports,
        reportList.toFilter,
        { name: 'buildId', type: 'uuid' },
        (parent: Parent) => parent.id,
      ),
    },
    CoverageReportConnection,
  ),
  securityReports: t.connection(
    {
      type: SecurityReportRef,
      description: 'Its security reports, newest first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: reportList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: reportList.args.order,
          description: 'RECORDED_AT DESC when absent.',
        }),
      },
      resolve: resolveNested(
        securityReports,
        reportList.toFilter,
        { name: 'buildId', type: 'uuid' },
        (parent: Parent) => parent.id,
      ),
    },
    SecurityReportConnection,
  ),
  repository: t.field({
    type: RepositoryRef,
    nullable: true,
    description: 'The repository that was built; null when unknown.',
    authScopes: { capability: 'READ' },
    resolve: reachable('Repository', ({ repositoryId }) => repositoryId),
  }),
}));
