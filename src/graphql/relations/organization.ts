import { repositories } from '../../analytics/repositories.ts';
import { builds } from '../../analytics/builds.ts';
import { submissions } from '../../analytics/submissions.ts';
import { invocations } from '../../analytics/invocations.ts';
import { testCases } from '../../analytics/test-cases.ts';
import { flakyTests } from '../../analytics/flaky-tests.ts';
import { agents } from '../../analytics/agents.ts';
import { builder } from '../builder.ts';
import { resolveList } from '../connection.ts';
import { RepositoryConnection, RepositoryRef, repositoryList } from '../types/repository.ts';
import { BuildConnection, BuildRef, buildList } from '../types/build.ts';
import { SubmissionConnection, SubmissionRef, submissionList } from '../types/submission.ts';
import { InvocationConnection, InvocationRef, invocationList } from '../types/invocation.ts';
import { TestCaseConnection, TestCaseRef, testCaseList } from '../types/test-case.ts';
import { FlakyTestConnection, FlakyTestRef, flakyTestList } from '../types/flaky-test.ts';
import { AgentConnection, AgentRef, agentList } from '../types/agent.ts';

// An organization is only ever seen by its own keys, so its lists are the tenant's.
builder.prismaObjectFields('Organization', (t) => ({
  repositories: t.connection(
    {
      type: RepositoryRef,
      description: 'Its repositories, those first mentioned last first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: repositoryList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: repositoryList.args.order,
          description: 'CREATED_AT DESC when absent.',
        }),
      },
      resolve: resolveList(repositories, repositoryList.toFilter),
    },
    RepositoryConnection,
  ),
  builds: t.connection(
    {
      type: BuildRef,
      description: 'Its builds, those begun last first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: buildList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({ type: buildList.args.order, description: 'STARTED_AT DESC when absent.' }),
      },
      resolve: resolveList(builds, buildList.toFilter),
    },
    BuildConnection,
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
      resolve: resolveList(submissions, submissionList.toFilter),
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
      resolve: resolveList(invocations, invocationList.toFilter),
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
      resolve: resolveList(testCases, testCaseList.toFilter),
    },
    TestCaseConnection,
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
      resolve: resolveList(flakyTests, flakyTestList.toFilter),
    },
    FlakyTestConnection,
  ),
  agents: t.connection(
    {
      type: AgentRef,
      description: 'Its CI agents, those heard of last first.',
      authScopes: { capability: 'READ' },
      args: {
        filter: t.arg({ type: agentList.args.filter, description: 'Which of them.' }),
        orderBy: t.arg({
          type: agentList.args.order,
          description: 'LAST_SEEN_AT DESC when absent.',
        }),
      },
      resolve: resolveList(agents, agentList.toFilter),
    },
    AgentConnection,
  ),
}));
