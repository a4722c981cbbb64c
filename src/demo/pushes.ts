import type { DemoProject, DemoTest } from './project.ts';
import { shaOf, type Random } from './random.ts';

const MOST_OPEN_PULL_REQUESTS = 4;
const DAY_MS = 86_400_000;

/** Names of the team, made up. */
const PEOPLE = ['heron', 'otter', 'lynx', 'wren', 'ibis', 'marten'];

/** What the code is like after a commit. Commits with the same tree share one state. */
export interface CodeState {
  readonly treeSha: string;
  /** Tests that fail on this code, however often they run. */
  readonly failing: ReadonlySet<DemoTest>;
  readonly compiles: boolean;
  /** Nothing but documents changed, so that most jobs have nothing to do. */
  readonly isDocumentation: boolean;
}

/** A commit that CI gets to see. */
export interface Push {
  readonly at: Date;
  readonly branch: string;
  readonly pullRequest: number | null;
  readonly commitSha: string;
  readonly state: CodeState;
  readonly cause: 'push' | 'pull_request' | 'schedule';
  readonly by: string | null;
}

interface PullRequest {
  readonly number: number;
  readonly branch: string;
  readonly by: string;
  readonly wantedCommits: number;
  base: Push;
  commits: number;
  head: Push;
}

interface GitFlow {
  readonly project: DemoProject;
  readonly random: Random;
  readonly brokenSince: (test: DemoTest) => Date | null;
}

/**
 * Gives the pushes of a project at these moments: pull requests are opened, get more commits, and are merged to main once
 * their last commit is good. A merge of a branch that is up to date keeps the tree of the branch, as squashing does.
 */
export function pushesOf(
  project: DemoProject,
  random: Random,
  { moments, endsAt }: { readonly moments: readonly Date[]; readonly endsAt: Date },
): readonly Push[] {
  const flow: GitFlow = {
    project,
    random,
    brokenSince: ({ behaviour }) =>
      behaviour?.kind === 'BROKEN'
        ? new Date(endsAt.getTime() - behaviour.sinceDaysAgo * DAY_MS)
        : null,
  };
  const broken = testsOf(project).filter((test) => flow.brokenSince(test) !== null);
  const open: PullRequest[] = [];
  let count = 0;
  let pullRequests = 400;
  let main = mainCommit(flow, { at: endsAt, index: count, failing: [] });

  function pushMain(at: Date, state?: CodeState): Push {
    const overdue = broken.filter((test) => (flow.brokenSince(test) ?? at) < at);
    const failing = [...overdue, ...(random.chance(0.04) ? faultyTests(flow) : [])];
    const commit = mainCommit(flow, { at, index: count, failing });
    main = state == null ? commit : { ...commit, state };
    return main;
  }

  function pushBranch(at: Date, pullRequest: PullRequest): Push {
    if (random.chance(0.5)) pullRequest.base = main;
    pullRequest.commits += 1;
    pullRequest.head = branchCommit(flow, { at, index: count, pullRequest });
    return pullRequest.head;
  }

  return moments.map((at) => {
    count += 1;
    const isBreaking = broken.some((test) => {
      const since = flow.brokenSince(test);
      return since !== null && since < at && !main.state.failing.has(test);
    });
    if (isBreaking || random.chance(0.04)) return pushMain(at);

    const isFull = open.length >= MOST_OPEN_PULL_REQUESTS;
    if (open.length === 0 || (!isFull && random.chance(0.3))) {
      pullRequests += random.integer(1, 4);
      const opened = openPullRequest(flow, { number: pullRequests, main });
      open.push(opened);
      return pushBranch(at, opened);
    }

    const pullRequest = random.pick(open);
    if (!isReady(pullRequest)) return pushBranch(at, pullRequest);
    open.splice(open.indexOf(pullRequest), 1);
    return pushMain(at, pullRequest.base === main ? pullRequest.head.state : undefined);
  });
}

function testsOf({ jobs }: DemoProject): readonly DemoTest[] {
  return jobs.flatMap(({ tests }) => tests);
}

function isReady({ commits, wantedCommits, head, base }: PullRequest): boolean {
  const { compiles, failing } = head.state;
  return compiles && commits >= wantedCommits && failing.size === base.state.failing.size;
}

function openPullRequest(
  { project, random }: GitFlow,
  { number, main }: { readonly number: number; readonly main: Push },
): PullRequest {
  const kind = random.pick(['feature', 'feature', 'fix', 'chore']);
  const ticket = `${project.ticket}-${random.integer(1_200, 2_900)}`;
  return {
    number,
    branch: `${kind}/${ticket}-${random.pick(project.topics)}`,
    by: random.pick(PEOPLE),
    wantedCommits: random.integer(1, 4),
    base: main,
    commits: 0,
    head: main,
  };
}

interface CommitOptions {
  readonly at: Date;
  readonly index: number;
}

function mainCommit(
  { project, random }: GitFlow,
  { at, index, failing }: CommitOptions & { readonly failing: readonly DemoTest[] },
): Push {
  const { defaultBranch, name } = project.repository;
  return {
    at,
    branch: defaultBranch,
    pullRequest: null,
    commitSha: shaOf(`${name} commit ${index}`),
    state: {
      treeSha: shaOf(`${name} tree ${index}`),
      failing: new Set(failing),
      compiles: true,
      isDocumentation: false,
    },
    cause: 'push',
    by: random.pick(PEOPLE),
  };
}

function branchCommit(
  flow: GitFlow,
  { at, index, pullRequest }: CommitOptions & { readonly pullRequest: PullRequest },
): Push {
  const { random, project } = flow;
  const inherited = [...pullRequest.base.state.failing];
  const isFaulty = random.chance(0.17);
  const faults = isFaulty ? faultyTests(flow) : [];
  return {
    at,
    branch: pullRequest.branch,
    pullRequest: pullRequest.number,
    commitSha: shaOf(`${project.repository.name} commit ${index}`),
    state: {
      treeSha: shaOf(`${project.repository.name} tree ${index}`),
      failing: new Set([...inherited, ...faults]),
      compiles: !isFaulty || random.chance(0.75),
      isDocumentation: !isFaulty && random.chance(0.05),
    },
    cause: 'pull_request',
    by: pullRequest.by,
  };
}

/** Some tests of one class: what a mistake in the code under test breaks. */
function faultyTests({ project, random }: GitFlow): readonly DemoTest[] {
  const sound = testsOf(project).filter(({ behaviour }) => behaviour === null);
  const { className, suite } = random.pick(sound);
  const neighbours = sound.filter((test) => test.className === className && test.suite === suite);
  return neighbours.slice(0, random.integer(1, 4));
}
