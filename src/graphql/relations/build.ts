import { coverageReports, securityReports } from '../../analytics/reports.ts';
import { stagesOfBuild } from '../../analytics/stages.ts';
import { submissions } from '../../analytics/submissions.ts';
import { testResults } from '../../analytics/test-results.ts';
import type { Build as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { nested } from '../connection.ts';
import { reachable } from '../related.ts';
import { BuildLogRef } from '../types/build-log.ts';
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
      ...nested(
        stagesOfBuild,
        stageList.toFilter,
        { name: 'buildId', type: 'uuid' },
        'id' satisfies keyof Parent,
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
      ...nested(
        submissions,
        submissionList.toFilter,
        { name: 'buildId', type: 'uuid' },
        'id' satisfies keyof Parent,
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
      ...nested(
        testResults,
        testResultList.toFilter,
        { name: 'buildId', type: 'uuid' },
        'id' satisfies keyof Parent,
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
      ...nested(
        coverageReports,
        reportList.toFilter,
        { name: 'buildId', type: 'uuid' },
        'id' satisfies keyof Parent,
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
      ...nested(
        securityReports,
        reportList.toFilter,
        { name: 'buildId', type: 'uuid' },
        'id' satisfies keyof Parent,
      ),
    },
    SecurityReportConnection,
  ),
  log: t.field({
    type: BuildLogRef,
    nullable: true,
    description: 'Its console log; null when none was sent.',
    authScopes: { capability: 'READ' },
    ...reachable<Parent, 'BuildLog'>('BuildLog', 'id'),
  }),
  repository: t.field({
    type: RepositoryRef,
    nullable: true,
    description: 'The repository that was built; null when unknown.',
    authScopes: { capability: 'READ' },
    ...reachable<Parent, 'Repository'>('Repository', 'repositoryId'),
  }),
}));
