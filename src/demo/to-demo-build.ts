import { shaOf, uuidOf } from './random.ts';
import type { NumberedDraft } from './run-job.ts';
import type {
  BuildRecord,
  DemoBuild,
  InvocationRecord,
  ResultRecord,
  SubmissionRecord,
} from './records.ts';

/** Gives the build in the gateway's words. Ids follow from repository, job and number, so that a second run means the same. */
export function toDemoBuild(draft: NumberedDraft): DemoBuild {
  const build = toBuild(draft);
  const { stages, results } = draft;
  return {
    build,
    stages,
    results,
    submission: draft.job.name === 'nightly-contract-tests' ? toSubmission(draft, build) : null,
    invocation: draft.job.name === 'nightly-bazel' ? toInvocation(draft, build) : null,
  };
}

function toBuild({ project, job, push, ...draft }: NumberedDraft): BuildRecord {
  const { repository, source, ciUrl } = project;
  const run = shaOf(`${push.commitSha} ${push.cause} ${push.at.toISOString()}`);
  return {
    id: uuidOf(`buildatlas demo ${repository.name}/${job.name} ${draft.number}`),
    repository,
    jobName: job.name,
    number: draft.number,
    status: draft.status,
    durationMs: draft.completedAt.getTime() - draft.startedAt.getTime(),
    queueDurationMs: draft.queueDurationMs,
    startedAt: draft.startedAt,
    completedAt: draft.completedAt,
    branch: push.branch,
    commitSha: push.commitSha,
    treeSha: push.state.treeSha,
    pullRequest: push.pullRequest,
    cause: push.cause,
    source,
    url: `${ciUrl}/${job.name}/${draft.number}`,
    externalRunId: String(Number.parseInt(run.slice(0, 9), 16)),
    attempt: draft.attempt,
    triggeredBy: push.by,
    agentName: draft.agentName,
    agentLabels: job.agentLabels,
  };
}

function toSubmission(draft: NumberedDraft, build: BuildRecord): SubmissionRecord {
  return {
    repository: build.repository,
    key: `demo-contract-tests-${draft.number}`,
    buildId: build.id,
    branch: build.branch,
    commitSha: build.commitSha,
    treeSha: build.treeSha,
    source: build.source,
    status: 'PROCESSED',
    tags: ['contract', 'nightly'],
    recordedAt: build.startedAt,
  };
}

function toInvocation(draft: NumberedDraft, build: BuildRecord): InvocationRecord {
  const targets = targetsOf(draft.results);
  const isGreen = build.status === 'SUCCESS';
  return {
    id: uuidOf(`buildatlas demo invocation ${draft.number}`),
    repository: build.repository,
    command: 'test',
    patterns: ['//shared/...'],
    user: 'ci',
    host: build.agentName,
    role: 'CI',
    status: 'COMPLETE',
    success: isGreen,
    exitCode: isGreen ? 'SUCCESS' : targets.length > 0 ? 'TESTS_FAILED' : 'BUILD_FAILURE',
    durationUs: build.durationMs * 1_000,
    actionCount: 1_400 + (draft.number % 17) * 31,
    branch: build.branch,
    commitSha: build.commitSha,
    treeSha: build.treeSha,
    tags: ['nightly'],
    startedAt: build.startedAt,
    targets,
  };
}

function targetsOf(results: readonly ResultRecord[]): InvocationRecord['targets'] {
  const runs = new Map<string, ResultRecord[]>();
  for (const result of results) {
    const label = `${result.suite}:${result.name}`;
    runs.set(label, [...(runs.get(label) ?? []), result]);
  }
  return [...runs].map(([label, attempts]) => ({
    label,
    ruleType: 'cc_test rule',
    status: targetStatusOf(attempts),
    durationUs: attempts.reduce((sum, { durationUs }) => sum + (durationUs ?? 0), 0),
  }));
}

function targetStatusOf(attempts: readonly ResultRecord[]): 'PASSED' | 'FAILED' | 'FLAKY' {
  if (attempts.at(-1)?.status !== 'PASSED') return 'FAILED';
  return attempts.length > 1 ? 'FLAKY' : 'PASSED';
}
