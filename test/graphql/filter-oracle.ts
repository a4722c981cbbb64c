import type * as Rows from '../../src/db/generated/prisma/client.ts';
import { agentStatusAt } from '../../src/domain/agent-ageing.ts';
import { ownerKey } from '../../src/domain/codeowners-words.ts';
import { tagKey } from '../../src/domain/tags.ts';
import type { Dataset } from './dataset.ts';
import {
  allOf,
  type Cases,
  containing,
  during,
  equal,
  nodeId,
  oneOf,
  oneOfEnum,
  owner,
  repository,
  repositoryId,
  tag,
} from './filter-cases.ts';

interface Source {
  readonly repositoryId: string | null;
}
interface Code {
  readonly branch: string | null;
  readonly commitSha: string | null;
}

/** What each field of each filter asks for, by the filter's and the field's name. */
export function filterOracle(
  dataset: Dataset,
): Readonly<Record<string, Readonly<Record<string, Cases>>>> {
  const repositoryFields = {
    repositoryId: repositoryId((row: Source) => row.repositoryId),
    repository: repository(dataset, (row: Source) => row.repositoryId),
  };
  const codeFields = {
    branch: oneOf((row: Code) => row.branch, 'no branch'),
    commitSha: equal((row: Code) => row.commitSha, 'c0ffee'),
  };
  const buildOf = ({ buildId }: { readonly buildId: string | null }) =>
    dataset.Build.find(({ id }) => id === buildId);
  const caseOf = ({ testCaseId }: { readonly testCaseId: string }) =>
    textOf(dataset.TestCase.find(({ id }) => id === testCaseId));
  const tagged = (tests: string) => (tag: string) =>
    dataset.TestTag.some((row) => row.testCaseId === tests && row.key === tagKey(tag));
  const owned = (tests: string) => (owner: string) =>
    dataset.TestOwner.some((row) => row.testCaseId === tests && row.key === ownerKey(owner));
  const quarantined = new Set(
    dataset.Quarantine.filter(({ mode }) => mode !== 'NEVER').map(({ testCaseId }) => testCaseId),
  );
  const flaky = new Set(dataset.FlakyTest.map(({ testCaseId }) => testCaseId));

  return {
    RepositoryFilter: {
      provider: oneOf<Rows.Repository>((row) => row.provider, 'svn'),
      text: containing<Rows.Repository>((row) => row.slug),
    },
    BuildFilter: {
      ...repositoryFields,
      ...codeFields,
      status: oneOfEnum<Rows.Build>((row) => row.status),
      jobName: oneOf<Rows.Build>((row) => row.jobName, 'no job'),
      source: oneOf<Rows.Build>((row) => row.source, 'no source'),
      cause: oneOf<Rows.Build>((row) => row.cause, 'no cause'),
      externalRunId: equal<Rows.Build>((row) => row.externalRunId, 'run'),
      pullRequest: equal<Rows.Build>((row) => row.pullRequest, 7n),
      startedAt: during<Rows.Build>((row) => row.startedAt ?? row.recordedAt),
      text: containing<Rows.Build>((row) =>
        [row.jobName, row.branch ?? '', row.commitSha ?? ''].join(' '),
      ),
    },
    BuildLogSectionFilter: {
      name: equal<Rows.BuildLogSection>((row) => row.name, 'no section'),
    },
    StageFilter: {
      ...repositoryFields,
      branch: oneOf<Rows.Stage>((row) => buildOf(row)?.branch ?? null, 'no branch'),
      commitSha: equal<Rows.Stage>((row) => buildOf(row)?.commitSha ?? null, 'c0ffee'),
      jobName: oneOf<Rows.Stage>((row) => buildOf(row)?.jobName ?? null, 'no job'),
      source: oneOf<Rows.Stage>((row) => buildOf(row)?.source ?? null, 'no source'),
      status: oneOfEnum<Rows.Stage>((row) => row.status),
      name: oneOf<Rows.Stage>((row) => row.name, 'no stage'),
      recordedAt: during<Rows.Stage>((row) => row.recordedAt),
      text: containing<Rows.Stage>((row) => row.name),
    },
    SubmissionFilter: {
      ...repositoryFields,
      ...codeFields,
      kind: oneOfEnum<Rows.Submission>((row) => row.kind),
      status: oneOfEnum<Rows.Submission>((row) => row.status),
      source: oneOf<Rows.Submission>((row) => row.source, 'no source'),
      buildUrl: equal<Rows.Submission>((row) => row.buildUrl, 'https://ci.example.org'),
      recordedAt: during<Rows.Submission>((row) => row.recordedAt),
      text: containing<Rows.Submission>((row) => row.key),
    },
    InvocationFilter: {
      ...repositoryFields,
      ...codeFields,
      command: oneOf<Rows.Invocation>((row) => row.command, 'query'),
      status: oneOfEnum<Rows.Invocation>((row) => row.status),
      success: equal<Rows.Invocation>((row) => row.success, false),
      user: equal<Rows.Invocation>((row) => row.user, 'nobody'),
      role: equal<Rows.Invocation>((row) => row.role, 'nothing'),
      recordedAt: during<Rows.Invocation>((row) => row.recordedAt),
      text: containing<Rows.Invocation>((row) => row.patterns.join(' ')),
    },
    TestCaseFilter: {
      ...repositoryFields,
      suite: equal<Rows.TestCase>((row) => row.suite, 'no suite'),
      className: equal<Rows.TestCase>((row) => row.className, 'no class'),
      name: equal<Rows.TestCase>((row) => row.name, `test${'x'.repeat(300)}`),
      file: equal<Rows.TestCase>((row) => row.file, 'no file'),
      variant: equal<Rows.TestCase>((row) => row.variant, 'no variant'),
      flaky: equal<Rows.TestCase>((row) => flaky.has(row.id), false),
      tag: tag<Rows.TestCase>((row) => tagged(row.id)),
      owner: owner<Rows.TestCase>((row) => owned(row.id)),
      firstSeenAt: during<Rows.TestCase>((row) => row.firstSeenAt),
      text: containing<Rows.TestCase>(textOf),
    },
    TestResultFilter: {
      ...repositoryFields,
      ...codeFields,
      codeState: equal<Rows.TestResult>((row) => row.codeState, 'no code'),
      status: oneOfEnum<Rows.TestResult>((row) => row.status),
      jobName: oneOf<Rows.TestResult>((row) => buildOf(row)?.jobName ?? null, 'no job'),
      source: oneOf<Rows.TestResult>((row) => buildOf(row)?.source ?? null, 'no source'),
      recordedAt: during<Rows.TestResult>((row) => row.recordedAt),
      text: containing<Rows.TestResult>(caseOf),
    },
    FlakyTestFilter: {
      ...repositoryFields,
      state: oneOfEnum<Rows.FlakyTest>((row) => row.state),
      disruptorType: oneOfEnum<Rows.FlakyTest>((row) => row.disruptorType),
      quarantined: equal<Rows.FlakyTest>((row) => quarantined.has(row.testCaseId), false),
      tag: tag<Rows.FlakyTest>((row) => tagged(row.testCaseId)),
      owner: owner<Rows.FlakyTest>((row) => owned(row.testCaseId)),
      lastEvidenceAt: during<Rows.FlakyTest>((row) => row.lastEvidenceAt),
      text: containing<Rows.FlakyTest>(caseOf),
    },
    FlakyTransitionFilter: {
      after: oneOfEnum<Rows.FlakyTransition>((row) => row.after),
      rule: oneOfEnum<Rows.FlakyTransition>((row) => row.rule),
      at: during<Rows.FlakyTransition>((row) => row.at),
    },
    DisruptionFilter: {
      kind: oneOfEnum<Rows.Disruption>((row) => row.kind),
      commitSha: equal<Rows.Disruption>((row) => row.commitSha, 'c0ffee'),
      recordedAt: during<Rows.Disruption>((row) => row.recordedAt),
    },
    QuarantineFilter: {
      ...repositoryFields,
      mode: oneOfEnum<Rows.Quarantine>((row) => row.mode),
      isAutomatic: equal<Rows.Quarantine>((row) => row.isAutomatic, false),
      owner: equal<Rows.Quarantine>((row) => row.owner, 'nobody'),
      text: containing<Rows.Quarantine>(caseOf),
    },
    TargetFilter: { status: oneOfEnum<Rows.Target>((row) => row.status) },
    ReportFileFilter: {
      hasProblem: equal<Rows.ReportFile>((row) => row.problem !== null, false),
    },
    SecurityFindingFilter: {
      severity: oneOfEnum<Rows.SecurityFinding>((row) => row.severity),
      isSuppressed: equal<Rows.SecurityFinding>((row) => row.isSuppressed, false),
    },
    AgentFilter: {
      status: oneOfEnum<Rows.Agent>((row) => agentStatusAt(row, new Date())),
      server: equal<Rows.Agent>((row) => row.server, 'three.example.org'),
      instance: equal<Rows.Agent>((row) => row.instance, 'https://three.example.org'),
      labels: allOf<Rows.Agent>((row) => row.labels, 'no label'),
      os: oneOf<Rows.Agent>((row) => row.os, 'no system'),
      text: containing<Rows.Agent>((row) => [row.name, row.currentJob ?? ''].join(' ')),
    },
    WebhookSourceFilter: {
      provider: oneOfEnum<Rows.WebhookSource>((row) => row.provider),
      isRevoked: equal<Rows.WebhookSource>((row) => row.revokedAt !== null, false),
    },
    WebhookDeliveryFilter: {
      provider: oneOfEnum<Rows.WebhookDelivery>((row) => row.provider),
      status: oneOfEnum<Rows.WebhookDelivery>((row) => row.status),
      event: oneOf<Rows.WebhookDelivery>((row) => row.event, 'no event'),
      sourceId: nodeId<Rows.WebhookDelivery>('WebhookSource', (row) => row.sourceId),
      receivedAt: during<Rows.WebhookDelivery>((row) => row.receivedAt),
    },
    WebhookEndpointFilter: {
      ...repositoryFields,
      isDisabled: equal<Rows.WebhookEndpoint>((row) => row.disabledAt !== null, false),
    },
    OutgoingWebhookDeliveryFilter: {
      event: oneOf<Rows.OutgoingWebhookDelivery>((row) => row.event, 'no event'),
      succeeded: equal<Rows.OutgoingWebhookDelivery>((row) => row.succeeded, false),
      sentAt: during<Rows.OutgoingWebhookDelivery>((row) => row.sentAt),
    },
    ReportFilter: {
      ...repositoryFields,
      recordedAt: during((row: { readonly recordedAt: Date }) => row.recordedAt),
    },
  };
}

function textOf(row: Rows.TestCase | undefined): string {
  return row === undefined ? '' : [row.suite, row.className, row.name, row.file].join(' ');
}
