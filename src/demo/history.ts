import { mobileApp } from './catalog/mobile-app.ts';
import { paymentsApi } from './catalog/payments-api.ts';
import { webFrontend } from './catalog/web-frontend.ts';
import type { DemoProject } from './project.ts';
import { pushesOf, type Push } from './pushes.ts';
import { createRandom } from './random.ts';
import { runJob, type BuildDraft, type JobRun, type NumberedDraft } from './run-job.ts';
import type { DemoBuild } from './records.ts';
import { nightlyMoments, workingMoments, type Period } from './timetable.ts';
import { toDemoBuild } from './to-demo-build.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const FIRST_NUMBER = 1_000;

export const demoProjects: readonly DemoProject[] = [paymentsApi, webFrontend, mobileApp];

/** How much history is wanted, and until when. */
export interface HistoryOptions {
  /** The newest build begins shortly before. */
  readonly endsAt: Date;
  readonly days: number;
  readonly builds: number;
}

/** Gives the builds of the demo projects, oldest first. The same options give the same builds, byte for byte. */
export function createHistory({ endsAt, days, builds }: HistoryOptions): readonly DemoBuild[] {
  const period = { startsAt: new Date(endsAt.getTime() - days * DAY_MS), endsAt };
  // About 3 builds come from each push; a push too many costs nothing, since the oldest builds are left out.
  let drafts: readonly BuildDraft[] = [];
  for (
    let pushes = Math.ceil(builds / 3.6);
    drafts.length < builds;
    pushes = Math.ceil(pushes * 1.1)
  ) {
    drafts = demoProjects.flatMap((project) => draftsOf(project, period, pushes * project.share));
  }
  const newest = drafts
    .toSorted((a, b) => a.startedAt.getTime() - b.startedAt.getTime())
    .slice(-builds);
  return numbered(newest).map(toDemoBuild);
}

function numbered(drafts: readonly BuildDraft[]): readonly NumberedDraft[] {
  const counts = new Map<string, number>();
  return drafts.map((draft) => {
    const job = `${draft.project.repository.name}/${draft.job.name}`;
    const number = (counts.get(job) ?? FIRST_NUMBER + job.length * 37) + 1;
    counts.set(job, number);
    return { ...draft, number };
  });
}

function draftsOf(project: DemoProject, period: Period, pushCount: number): readonly BuildDraft[] {
  const random = createRandom(`pushes of ${project.repository.name}`);
  const moments = workingMoments(random, period, Math.round(pushCount));
  const pushes = pushesOf(project, random, { moments, endsAt: period.endsAt });
  return [...pushes, ...nightlyPushes(project, pushes, period)].flatMap((push) =>
    project.jobs
      .filter(({ trigger }) => isTriggered(trigger, push))
      .flatMap((job) => buildsOf({ project, job, push, period, attempt: 1, requestedAt: push.at })),
  );
}

function nightlyPushes(
  { repository }: DemoProject,
  pushes: readonly Push[],
  period: Period,
): readonly Push[] {
  const random = createRandom(`nights of ${repository.name}`);
  return nightlyMoments(random, period).flatMap((at): Push[] => {
    const latest = pushes.findLast((push) => push.pullRequest === null && push.at < at);
    return latest === undefined ? [] : [{ ...latest, at, cause: 'schedule', by: null }];
  });
}

function isTriggered(trigger: JobRun['job']['trigger'], { cause, pullRequest }: Push): boolean {
  switch (trigger) {
    case 'NIGHTLY':
      return cause === 'schedule';
    case 'PUSH':
      return cause !== 'schedule';
    case 'PULL_REQUEST':
      return pullRequest !== null;
    case 'MAIN':
      return cause === 'push';
  }
}

/** The build, and those by which somebody ran it again. */
function buildsOf(run: JobRun): readonly BuildDraft[] {
  const { push, job, project, attempt } = run;
  const name = `${project.repository.name}/${job.name} ${push.commitSha} ${push.cause} ${attempt}`;
  const random = createRandom(`${name} ${push.at.toISOString()}`);
  const draft = runJob(run, random);
  const hasFailed = draft.status === 'FAILURE' || draft.status === 'UNSTABLE';
  const patience = draft.looksUnlucky ? 0.75 / attempt : 0.08;
  if (!hasFailed || attempt >= 3 || !random.chance(patience)) return [draft];

  const pauseMs = random.integer(2, 18) * MINUTE_MS;
  const requestedAt = new Date(draft.completedAt.getTime() + pauseMs);
  if (requestedAt >= run.period.endsAt) return [draft];
  return [draft, ...buildsOf({ ...run, attempt: attempt + 1, requestedAt })];
}
