import type { DemoJob, DemoProject, DemoStage } from './project.ts';
import type { Push } from './pushes.ts';
import type { Random } from './random.ts';
import type { BuildRecord, ResultRecord, StageRecord } from './records.ts';
import { runTests, type TestOutcome } from './run-tests.ts';
import type { Period } from './timetable.ts';

/** A build before it is known which number it has. */
export interface BuildDraft {
  readonly project: DemoProject;
  readonly job: DemoJob;
  readonly push: Push;
  readonly attempt: number;
  readonly status: BuildRecord['status'];
  readonly queueDurationMs: number;
  readonly startedAt: Date;
  readonly completedAt: Date;
  readonly agentName: string;
  readonly stages: readonly StageRecord[];
  readonly results: readonly ResultRecord[];
  /** True when somebody would press "run again". */
  readonly looksUnlucky: boolean;
}

/** A draft with its place in the sequence of its job. */
export interface NumberedDraft extends BuildDraft {
  readonly number: number;
}

/** What a job is started with. */
export interface JobRun {
  readonly project: DemoProject;
  readonly job: DemoJob;
  readonly push: Push;
  readonly attempt: number;
  readonly requestedAt: Date;
  readonly period: Period;
}

/** What stops a build, other than its tests. */
type Trouble = 'NOTHING_TO_DO' | 'CANCELLED' | 'INFRASTRUCTURE' | 'DOES_NOT_COMPILE' | null;

interface StagesOutcome {
  readonly stages: readonly StageRecord[];
  readonly tests: TestOutcome | null;
  readonly endsAt: Date;
}

/** Runs one job for one commit, so to speak. */
export function runJob(run: JobRun, random: Random): BuildDraft {
  const { project, job, push, attempt, requestedAt } = run;
  const trouble = troubleOf(run, random);
  const queueDurationMs = Math.round(random.logNormal(job.agents.length < 3 ? 21_000 : 7_000, 0.9));
  const startedAt = new Date(requestedAt.getTime() + queueDurationMs);
  const agentName = random.pick(job.agents);
  const { stages, tests, endsAt } = runStages({ ...run, trouble, startedAt, agentName }, random);
  return {
    project,
    job,
    push,
    attempt,
    status: statusOf(project, trouble, tests),
    queueDurationMs,
    startedAt,
    completedAt: endsAt,
    agentName,
    stages,
    results: tests?.results ?? [],
    looksUnlucky:
      trouble === 'INFRASTRUCTURE' ||
      (trouble === null && tests !== null && tests.failedTests.length > 0 && tests.isFlaky),
  };
}

function troubleOf({ job, push, attempt }: JobRun, random: Random): Trouble {
  if (push.state.isDocumentation && job.tests.length > 0) return 'NOTHING_TO_DO';
  if (push.pullRequest !== null && attempt === 1 && random.chance(0.04)) return 'CANCELLED';
  if (random.chance(0.015)) return 'INFRASTRUCTURE';
  const needsCompiling = job.stages.some(({ compiles }) => compiles === true);
  return needsCompiling && !push.state.compiles ? 'DOES_NOT_COMPILE' : null;
}

function statusOf(
  { failedStatus }: DemoProject,
  trouble: Trouble,
  tests: TestOutcome | null,
): BuildRecord['status'] {
  switch (trouble) {
    case 'NOTHING_TO_DO':
      return 'NOT_BUILT';
    case 'CANCELLED':
      return 'ABORTED';
    case 'INFRASTRUCTURE':
    case 'DOES_NOT_COMPILE':
      return 'FAILURE';
    case null:
      return tests !== null && tests.failedTests.length > 0 ? failedStatus : 'SUCCESS';
  }
}

interface StagesRun extends JobRun {
  readonly trouble: Trouble;
  readonly startedAt: Date;
  readonly agentName: string;
}

function runStages(run: StagesRun, random: Random): StagesOutcome {
  const { job, trouble, startedAt, agentName, project } = run;
  const stopsAt = stopsAtStage(job.stages, trouble, random);
  const stages: StageRecord[] = [];
  let tests: TestOutcome | null = null;
  let hasFailed = false;
  let clockMs = startedAt.getTime();

  for (const [order, stage] of job.stages.entries()) {
    const isReached = stopsAt === null || order <= stopsAt;
    if (!isReached || (hasFailed && !/^(Upload|Collect)/.test(stage.name))) {
      const never = { durationMs: null, startedAt: null, completedAt: null };
      stages.push({ order, name: stage.name, status: 'SKIPPED', ...never, agentName });
      continue;
    }

    const begin = new Date(clockMs);
    let durationMs = Math.round(random.logNormal(stage.medianSeconds * 1_000, 0.18));
    let status: StageRecord['status'] = 'SUCCESS';
    if (order === stopsAt) {
      status = trouble === 'CANCELLED' ? 'ABORTED' : 'FAILURE';
      durationMs = Math.round(durationMs * random.next());
    } else if (stage.runsTests) {
      const bootMs = Math.round(durationMs / 4);
      tests = runTests({ ...run, startedAt: new Date(clockMs + bootMs) }, random);
      durationMs = bootMs + tests.durationMs;
      if (tests.failedTests.length > 0) status = project.failedStatus;
      hasFailed = status === 'FAILURE';
    }
    clockMs += durationMs;
    stages.push({
      order,
      name: stage.name,
      status,
      durationMs,
      startedAt: begin,
      completedAt: new Date(clockMs),
      agentName,
    });
  }
  return { stages, tests, endsAt: new Date(clockMs) };
}

/** The stage in which the trouble strikes, -1 for before the first, null for never. */
function stopsAtStage(
  stages: readonly DemoStage[],
  trouble: Trouble,
  random: Random,
): number | null {
  switch (trouble) {
    case 'NOTHING_TO_DO':
      return -1;
    case 'CANCELLED':
      return random.integer(0, stages.length - 1);
    case 'INFRASTRUCTURE':
      return random.integer(0, Math.min(1, stages.length - 1));
    case 'DOES_NOT_COMPILE':
      return stages.findIndex(({ compiles }) => compiles === true);
    case null:
      return null;
  }
}
