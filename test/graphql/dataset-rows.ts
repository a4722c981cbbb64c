import type * as Rows from '../../src/db/generated/prisma/client.ts';
import * as enums from '../../src/db/generated/prisma/enums.ts';
import { hashId, objectId } from '../../src/domain/object-id.ts';
import {
  cycle,
  known,
  lasting,
  minute,
  parentOf,
  rowsOf,
  texts,
  uuidOf,
} from './dataset-values.ts';

/** Whose rows, and what their ids are made of: two organizations may have rows with the same ids. */
export interface Owner {
  readonly organizationId: string;
  readonly seed: string;
}

export function repositoryRows({ organizationId, seed }: Owner): Rows.Repository[] {
  return rowsOf(8, (index) => ({
    organizationId,
    id: uuidOf(seed, 'repository', String(index)),
    slug: `acme/repo${index}`,
    owner: 'Acme',
    name: `Repo${index}`,
    provider: known(index, cycle(['github', 'gitlab'], index)),
    defaultBranch: known(index + 1, 'main'),
    url: known(index + 2, `https://example.org/acme/repo${index}`),
    legacyId: known(index, BigInt(index)),
    nameFolding: Object.values(enums.NameFoldingRule).slice(0, index % 3),
    createdAt: minute(Math.floor(index / 3)),
  }));
}

export function buildRows(
  { organizationId, seed }: Owner,
  repositories: Rows.Repository[],
): Rows.Build[] {
  return rowsOf(40, (index) => ({
    organizationId,
    id: uuidOf(seed, 'build', String(index)),
    repositoryId: known(index + 1, parentOf(lasting(repositories), index).id),
    naturalKey: known(index, `key ${index}`),
    jobName: cycle(texts, index),
    jobDisplayName: known(index, `Job ${index}`),
    number: known(index, BigInt(index % 7)),
    status: cycle(Object.values(enums.BuildStatus), index),
    statusRaw: `raw ${index}`,
    durationMs: known(index, BigInt((index % 6) * 1_000_000_000)),
    queueDurationMs: known(index + 1, BigInt(index)),
    startedAt: known(index, minute(index % 9)),
    completedAt: known(index + 1, minute(index)),
    recordedAt: minute(index % 11),
    branch: known(index, cycle(['main', 'feature/100%', 'dev_1'], index)),
    commitSha: known(index + 2, `c0ffee${index % 4}`),
    treeSha: known(index + 1, `7ree${index % 4}`),
    pullRequest: known(index + 1, BigInt(3_000_000_000 + (index % 3))),
    cause: known(index, cycle(['push', 'timer'], index)),
    source: known(index, cycle(['jenkins', 'github-actions', 'gitlab'], index)),
    sourceRaw: known(index, 'github'),
    instance: known(index, 'https://ci.example.org'),
    server: known(index, 'ci.example.org'),
    isConcluded: index % 2 === 0,
    url: known(index, `https://ci.example.org/${index}`),
    jobUrl: known(index + 1, 'https://ci.example.org/job'),
    externalRunId: known(index, `run-${index % 5}`),
    attempt: known(index, 1 + (index % 3)),
    triggeredBy: known(index + 1, 'ada'),
    agentName: known(index, `agent-${index % 3}`),
    agentLabels: rowsOf(index % 3, (label) => `label ${label}`),
    agentIsBuiltIn: null,
    createdAt: minute(index + 1),
    updatedAt: minute(index + 2),
  }));
}

/** Most stages belong to the first build; each says what its build says. */
export function stageRows(builds: Rows.Build[]): Rows.Stage[] {
  return rowsOf(80, (index) => {
    const build = parentOf(lasting(builds).slice(0, 8), index);
    return {
      organizationId: build.organizationId,
      buildId: build.id,
      key: `${index.toString(16).padStart(23, '0')}f`,
      order: index >> 1,
      isRanked: index % 2 === 0,
      repositoryId: build.repositoryId,
      group: known(index, 'group'),
      externalId: known(index + 1, `job ${index}`),
      attempt: known(index, 1 + (index % 3)),
      steps: index % 3 === 0 ? [{ number: 1, name: 'checkout' }] : [],
      name: cycle(texts, index),
      status: cycle(Object.values(enums.StageStatus), index),
      statusRaw: `raw ${index}`,
      durationMs: known(index, BigInt(index % 5)),
      queueDurationMs: known(index + 1, BigInt(index)),
      startedAt: known(index, minute(index)),
      completedAt: known(index + 1, minute(index + 1)),
      recordedAt: build.startedAt ?? build.recordedAt,
      agentName: known(index, `agent-${index % 3}`),
      url: known(index, `https://ci.example.org/stage/${index}`),
    };
  });
}

export function submissionRows(
  { organizationId, seed }: Owner,
  repositories: Rows.Repository[],
  builds: Rows.Build[],
): Rows.Submission[] {
  return rowsOf(40, (index) => {
    const status = cycle(Object.values(enums.SubmissionStatus), index);
    return {
      organizationId,
      id: objectId(minute(index % 7), [seed, 'submission', String(index)]),
      repositoryId: parentOf(lasting(repositories), index).id,
      buildId: known(index + 1, parentOf(lasting(builds), index).id),
      key: `${cycle(texts, index)} ${index}`,
      buildUrl: known(index, `https://ci.example.org/${index % 3}`),
      branch: known(index, cycle(['main', 'dev_1'], index)),
      commitSha: known(index + 2, `c0ffee${index % 4}`),
      treeSha: known(index + 1, `7ree${index % 4}`),
      source: known(index, cycle(['jenkins', 'gitlab'], index)),
      kind: cycle(Object.values(enums.SubmissionKind), index),
      status,
      failureReason: status === 'FAILED' ? `broken ${index}` : null,
      tags: rowsOf(index % 3, (tag) => `tag ${tag}`),
      testResultCount: BigInt(index % 6),
      options: {},
      rawExpiresAt: known(index, minute(index)),
      recordedAt: minute(index % 7),
      createdAt: minute(index),
    };
  });
}

export function invocationRows(
  { organizationId, seed }: Owner,
  repositories: Rows.Repository[],
): Rows.Invocation[] {
  return rowsOf(35, (index) => ({
    organizationId,
    id: uuidOf(seed, 'invocation', String(index)),
    repositoryId: known(index + 1, parentOf(lasting(repositories), index).id),
    command: known(index, cycle(['build', 'test', 'run'], index)),
    patterns: rowsOf(index % 4, (pattern) => `//${cycle(texts, index + pattern)}/...`),
    user: known(index, cycle(['ada', 'grace'], index)),
    host: known(index + 1, 'host'),
    role: known(index, cycle(['CI', 'DEV'], index)),
    status: cycle(Object.values(enums.InvocationStatus), index),
    success: known(index, index % 3 === 0),
    exitCode: known(index, 'SUCCESS'),
    durationUs: known(index, BigInt((index % 5) * 7)),
    actionCount: known(index + 1, BigInt(index)),
    branch: known(index, cycle(['main', 'dev_1'], index)),
    commitSha: known(index + 2, `c0ffee${index % 4}`),
    treeSha: known(index + 1, `7ree${index % 4}`),
    tags: rowsOf(index % 3, (tag) => `tag ${tag}`),
    runId: known(index, `run-${index}`),
    parentRunId: known(index + 1, `run-${index % 3}`),
    sequenceNumber: BigInt(index),
    buildMetadata: { ROLE: `role ${index}` },
    recordedAt: minute(index % 8),
    createdAt: minute(index),
    updatedAt: minute(index + 1),
  }));
}

export function targetRows(invocations: Rows.Invocation[]): Rows.Target[] {
  return rowsOf(60, (index) => ({
    organizationId: cycle(invocations, 0).organizationId,
    invocationId: parentOf(lasting(invocations).slice(0, 5), index).id,
    label: `label${hashId([String(index)])}`,
    ruleType: known(index, 'sh_test'),
    status: cycle(Object.values(enums.TargetStatus), index),
    tags: rowsOf(index % 3, (tag) => `tag ${tag}`),
    durationUs: known(index, BigInt(index)),
    startedAt: known(index + 1, minute(index)),
  }));
}

export function testCaseRows(
  { organizationId, seed }: Owner,
  repositories: Rows.Repository[],
): Rows.TestCase[] {
  return rowsOf(45, (index) => ({
    organizationId,
    id: hashId([seed, 'test case', String(index)]),
    repositoryId: parentOf(lasting(repositories), index).id,
    suite: cycle(['unit', 'it'], index),
    className: cycle(['', 'com.example.Cart'], index + 1),
    name: index % 6 === 5 ? `test${'x'.repeat(300)}${index}` : `test ${index % 9}`,
    file: cycle(texts, index),
    variant: cycle(['', 'node20'], index),
    firstSeenAt: minute(index % 10),
  }));
}

/** Most of the others were merged into the first test case. */
export function testCaseAliasRows(cases: Rows.TestCase[]): Rows.TestCaseAlias[] {
  const [target, ...others] = lasting(cases).slice(0, 30);
  return rowsOf(others.length, (index) => ({
    organizationId: cycle(cases, 0).organizationId,
    aliasId: cycle(others, index).id,
    testCaseId: (index % 4 < 3 ? target : undefined)?.id ?? cycle(others, index + 1).id,
    createdAt: minute(index % 4),
  }));
}

/** Attempts of a quarter of the test cases in all kinds of parents, over a month's end. */
export function testResultRows(
  { organizationId, seed }: Owner,
  cases: Rows.TestCase[],
  parents: { builds: Rows.Build[]; submissions: Rows.Submission[]; invocations: Rows.Invocation[] },
): Rows.TestResult[] {
  return rowsOf(220, (index) => {
    const testCase = parentOf(lasting(cases).slice(0, 9), index);
    const recordedAt = new Date(
      minute(index % 40).getTime() + (index % 3) * 86_400_000 + (index % 2),
    );
    return {
      organizationId,
      recordedAt,
      id: objectId(recordedAt, [seed, 'test result', String(index)]),
      repositoryId: testCase.repositoryId,
      testCaseId: testCase.id,
      buildId: known(index, parentOf(lasting(parents.builds).slice(0, 7), index + (index % 3)).id),
      submissionId: known(
        index + 1,
        parentOf(lasting(parents.submissions), index + (index % 3)).id,
      ),
      invocationId: known(
        index + 2,
        parentOf(lasting(parents.invocations), index + (index % 5)).id,
      ),
      attempt: 1 + (index % 3),
      status: cycle(Object.values(enums.TestStatus), index),
      statusRaw: `raw ${index}`,
      durationUs: known(index, BigInt((index % 9) * 1001)),
      message: known(index, `expected ${index}`),
      stackTrace: known(index + 1, `at line ${index}`),
      failureType: known(index, `Error${index % 3}`),
      output: known(index + 2, `printed ${index}`),
      line: known(index, index),
      properties: known(index + 1, { browser: `browser ${index % 3}` }),
      reportedTestCaseId: null,
      branch: known(index, cycle(['main', 'dev_1'], index)),
      commitSha: known(index + 2, `c0ffee${index % 4}`),
      codeState: known(index + 1, `7ree${index % 4}`),
      guard: known(index % 5, cycle(Object.values(enums.EvidenceGuard), index)),
    };
  });
}

export function flakyTestRows(cases: Rows.TestCase[]): Rows.FlakyTest[] {
  return lasting(cases)
    .slice(0, 30)
    .map((testCase, index) => ({
      organizationId: testCase.organizationId,
      testCaseId: testCase.id,
      repositoryId: testCase.repositoryId,
      state: cycle(Object.values(enums.FlakyState), index),
      stateSince: minute(index % 7),
      disruptorType: known(index, cycle(Object.values(enums.DisruptorType), index)),
      recheckAt: null,
      evidenceCount: 1 + (index % 4),
      firstEvidenceAt: minute(index % 5),
      lastEvidenceAt: minute(10 + (index % 6)),
    }));
}

export function flakyEvidenceRows(
  flakyTests: Rows.FlakyTest[],
  results: Rows.TestResult[],
): Rows.FlakyEvidence[] {
  return rowsOf(50, (index) => ({
    organizationId: cycle(flakyTests, 0).organizationId,
    testCaseId: parentOf(lasting(flakyTests), index).testCaseId,
    key: hashId(['code state', String(index)]),
    kind: index % 2 === 0 ? 'SAME_CODE_STATE' : 'IN_RUN_RETRY',
    codeState: hashId(['code state', String(index)]),
    passedResultId: cycle(lasting(results), index).id,
    failedResultId: cycle(lasting(results), index + 1).id,
    passedCount: 1 + index,
    failedCount: 1 + (index % 3),
    firstAt: minute(index % 3),
    lastAt: minute(3 + (index % 4)),
    lastFailedAt: minute(3 + (index % 4)),
  }));
}
