import { builds } from '../../analytics/builds.ts';
import { flakyTests } from '../../analytics/flaky-tests.ts';
import { invocations } from '../../analytics/invocations.ts';
import { coverageReports, securityReports } from '../../analytics/reports.ts';
import { stages } from '../../analytics/stages.ts';
import { submissions } from '../../analytics/submissions.ts';
import { testCases } from '../../analytics/test-cases.ts';
import { testResults } from '../../analytics/test-results.ts';
import type { Repository as Parent } from '../../db/generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { nested } from '../connection.ts';
import { BuildConnection, BuildRef, buildList } from '../types/build.ts';
import { FlakyTestConnection, FlakyTestRef, flakyTestList } from '../types/flaky-test.ts';
import { InvocationConnection, InvocationRef, invocationList } from '../types/invocation.ts';
import {
  CoverageReportConnection,
  CoverageReportRef,
  SecurityReportConnection,
  SecurityReportRef,
  reportList,
} from '../types/reports.ts';
import { StageConnection, StageRef, stageList } from '../types/stage.ts';
import { SubmissionConnection, SubmissionRef, submissionList } from '../types/submission.ts';
import { TestCaseConnection, TestCaseRef, testCaseList } from '../types/test-case.ts';
import { TestResultConnection, TestResultRef, testResultList } from '../types/test-result.ts';

builder.prismaObjectFields('Repository', (t) => ({
  builds: t.connection(
    {
      type: BuildRef,
      description: 'Its builds, those begun last first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: buildList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({ type: buildList.args.order, description: 'STARTED_AT DESC when absent.' }),
      },
      ...nested(
        builds,
        buildList.toFilter,
        { name: 'repositoryId', type: 'uuid' },
        'id' satisfies keyof Parent,
      ),
    },
    BuildConnection,
  ),
  stages: t.connection(
    {
      type: StageRef,
      description: 'Stages of its builds, those of the latest builds first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: stageList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: stageList.args.order,
          description: 'RECORDED_AT DESC when absent.',
        }),
      },
      ...nested(
        stages,
        stageList.toFilter,
        { name: 'repositoryId', type: 'uuid' },
        'id' satisfies keyof Parent,
      ),
    },
    StageConnection,
  ),
  submissions: t.connection(
    {
      type: SubmissionRef,
      description: 'Its submissions, newest first.',
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
        { name: 'repositoryId', type: 'uuid' },
        'id' satisfies keyof Parent,
      ),
    },
    SubmissionConnection,
  ),
  invocations: t.connection(
    {
      type: InvocationRef,
      description: 'Its Bazel invocations, newest first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: invocationList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: invocationList.args.order,
          description: 'RECORDED_AT DESC when absent.',
        }),
      },
      ...nested(
        invocations,
        invocationList.toFilter,
        { name: 'repositoryId', type: 'uuid' },
        'id' satisfies keyof Parent,
      ),
    },
    InvocationConnection,
  ),
  testCases: t.connection(
    {
      type: TestCaseRef,
      description: 'Its test cases, those first seen last first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: testCaseList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: testCaseList.args.order,
          description: 'FIRST_SEEN_AT DESC when absent.',
        }),
      },
      ...nested(
        testCases,
        testCaseList.toFilter,
        { name: 'repositoryId', type: 'uuid' },
        'id' satisfies keyof Parent,
      ),
    },
    TestCaseConnection,
  ),
  testResults: t.connection(
    {
      type: TestResultRef,
      description: 'Results of its tests, newest first.',
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
        { name: 'repositoryId', type: 'uuid' },
        'id' satisfies keyof Parent,
      ),
    },
    TestResultConnection,
  ),
  flakyTests: t.connection(
    {
      type: FlakyTestRef,
      description: 'Its flaky tests, those with the latest evidence first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: flakyTestList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: flakyTestList.args.order,
          description: 'LAST_EVIDENCE_AT DESC when absent.',
        }),
        window: t.arg({
          type: flakyTestList.args.window,
          description: flakyTestList.args.windowDescription,
        }),
      },
      ...nested(
        flakyTests,
        flakyTestList.toFilter,
        { name: 'repositoryId', type: 'uuid' },
        'id' satisfies keyof Parent,
      ),
    },
    FlakyTestConnection,
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
        { name: 'repositoryId', type: 'uuid' },
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
        { name: 'repositoryId', type: 'uuid' },
        'id' satisfies keyof Parent,
      ),
    },
    SecurityReportConnection,
  ),
}));
