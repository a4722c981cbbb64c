import { hashUuid } from '../../src/domain/object-id.ts';
import { ingestClient, repository } from '../ingest/ingest-client.ts';
import type { TestGateway } from '../support/start-gateway.ts';

/** One upload of the worked example of BuildPulse's contract, section 6. */
export interface Upload {
  readonly at: string;
  readonly commit: string;
  readonly tree: string;
  readonly build: string;
  readonly status: 'PASSED' | 'FAILED';
  readonly seconds: number;
  readonly message?: string;
}

/** The test `auth / AuthTest / test_login`, #1 to #8. */
export const uploads: readonly Upload[] = [
  upload('10T08:00', 'c1', 't1', '901/attempts/1', 'FAILED', 0.3),
  upload('10T08:20', 'c1', 't1', '901/attempts/2', 'PASSED', 0.2),
  upload('12T09:00', 'c2', 't2', '905/attempts/1', 'PASSED', 0.2),
  upload('14T10:00', 'c3', 't3', '911/attempts/1', 'FAILED', 0.25),
  upload('14T10:30', 'c3', 't3', '911/attempts/2', 'PASSED', 0.2),
  upload('15T11:00', 'c4', 't4', '917/attempts/1', 'FAILED', 0.3),
  upload('16T14:30', 'c5', 't5', '8997/attempts/1', 'PASSED', 0.2),
  upload('17T10:00', 'c6', 't5', '9001/attempts/1', 'FAILED', 0.25),
];

function upload(
  at: string,
  commit: string,
  tree: string,
  build: string,
  status: Upload['status'],
  seconds: number,
): Upload {
  const message = status === 'FAILED' ? { message: `failed in ${build}` } : {};
  return { at: `2026-05-${at}:00.000Z`, commit, tree, build, status, seconds, ...message };
}

export function pageOf({ build }: Upload): string {
  return `https://github.com/acme/widgets/actions/runs/${build}`;
}

function resultOf({ at, status, seconds, message }: Upload) {
  const identity = { suite: 'auth', className: 'AuthTest', name: 'test_login' };
  const durationUs = Math.round(seconds * 1_000_000);
  return { ...identity, status, durationUs, recordedAt: at, message: message ?? null };
}

type Send = (upload: Upload) => Promise<void>;

/** Sends an upload as a build with its results; a failed test fails its build, which takes a minute. */
export function sendingBuilds(gateway: TestGateway, key: string): Send {
  const client = ingestClient(gateway, key);
  return async (sent) => {
    const { build } = await client.build({
      id: hashUuid([sent.build]),
      repository,
      jobName: 'ci',
      status: sent.status === 'PASSED' ? 'SUCCESS' : 'FAILURE',
      url: pageOf(sent),
      commitSha: sent.commit,
      treeSha: sent.tree,
      branch: 'main',
      startedAt: sent.at,
      durationMs: 60_000,
    });
    await client.results({ buildId: build.databaseId, results: [resultOf(sent)] });
  };
}

/** Sends an upload as a submission that names the page of its build, and nothing more of it. */
export function sendingSubmissions(gateway: TestGateway, key: string): Send {
  const client = ingestClient(gateway, key);
  return async (sent) => {
    const { submission } = await client.submission({
      repository,
      key: sent.build,
      buildUrl: pageOf(sent),
      commitSha: sent.commit,
      treeSha: sent.tree,
      branch: 'main',
      recordedAt: sent.at,
    });
    await client.results({ submissionId: submission.databaseId, results: [resultOf(sent)] });
  };
}

/** All that the example's table says, and more of the same test. */
export const question = `query($window: ScoreWindow) {
  flakyTests { nodes {
    state disruptorType
    testCase { suite className name }
    scores(window: $window) {
      disruptiveness disruptionCount resultCount passedCount failedCount transitionCount flipRate failureRate passRate
      firstDisruptionAt lastDisruptionAt resultTimeMs averageDurationMs buildTimeMs buildsBroken
      flakeProbability { mean low high }
    }
    latestNegativeResult { recordedAt commitSha message build { url } submission { buildUrl } }
    latestPositiveResult { recordedAt commitSha message build { url } submission { buildUrl } }
    disruptions(filter: { kind: [SAME_CODE_STATE, IN_RUN_RETRY] }) { totalCount nodes { recordedAt commitSha kind result { status } } }
    evidence { totalCount nodes { codeState passedResult { recordedAt } failedResult { recordedAt } } }
    transitions { totalCount nodes { before after rule since } }
    recentResults(first: 3) { totalCount nodes { recordedAt } }
  } }
  repositories { nodes { flakiness(window: $window) {
    percent buildCount disruptedBuildCount disruptionCount timeLostMs flakyCount brokenCount } } }
}`;

export interface Answer {
  readonly flakyTests: { readonly nodes: readonly Readonly<Record<string, unknown>>[] };
  readonly repositories: { readonly nodes: readonly { readonly flakiness: unknown }[] };
}
