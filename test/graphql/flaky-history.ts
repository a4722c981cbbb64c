import { hashUuid } from '../../src/domain/object-id.ts';
import { ingestClient, repository } from '../ingest/ingest-client.ts';
import type { TestGateway } from '../support/start-gateway.ts';

/** One result of a history that is made up. */
export interface Run {
  readonly name: string;
  readonly build: number;
  readonly tree: string;
  readonly recordedAt: Date;
  readonly status: 'PASSED' | 'FAILED' | 'ERRORED' | 'SKIPPED';
  readonly durationUs: number;
}

const dayMs = 86_400_000;
const buildCount = 60;
const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

export const buildMs = (build: number) => 1000 * (1 + (build % 9));

/** Always the same numbers, all over the place: from 0 up to below `below`. */
function scattered(seed: number, below: number): number {
  return ((((seed + 1) * 2_654_435_761) % 4_294_967_296) >>> 8) % below;
}

/** A week of builds up to the instant, two or three on each tree, of tests that fail more or less often. */
export function madeUpHistory(end: Date): Run[] {
  return Array.from({ length: buildCount }, (_none, build) =>
    names.map((name, index): Run => {
      const seed = build * 31 + index * 977;
      const fails = scattered(seed, 10) < index;
      const at = end.getTime() - 7 * dayMs + Math.floor((build * 7 * dayMs) / buildCount) + index;
      return {
        name,
        build,
        tree: `tree ${String(Math.floor(build / 3))}`,
        recordedAt: new Date(at),
        status: scattered(seed + 7, 12) === 0 ? 'SKIPPED' : fails ? 'FAILED' : 'PASSED',
        durationUs: 1 + scattered(seed + 3, 900_000),
      };
    }),
  ).flat();
}

/** Sends it, each build on its own, and lets the analytics take it in. */
export async function sendHistory(gateway: TestGateway, history: readonly Run[], key: string) {
  const client = ingestClient(gateway, key);
  for (const runs of byBuild(history).values()) {
    const [first] = runs;
    if (first === undefined) continue;
    const { build } = await client.build({
      id: hashUuid(['build', String(first.build)]),
      repository,
      jobName: 'ci',
      status: isFailed(runs) ? 'FAILURE' : 'SUCCESS',
      treeSha: first.tree,
      startedAt: first.recordedAt.toISOString(),
      durationMs: buildMs(first.build),
    });
    const results = runs.map(({ name, recordedAt, status, durationUs }) => ({
      name,
      status,
      durationUs,
      recordedAt: recordedAt.toISOString(),
    }));
    await client.results({ buildId: build.databaseId, results });
  }
  await gateway.settleAnalytics();
}

export function isFailed(runs: readonly Run[]): boolean {
  return runs.some(({ status }) => status === 'FAILED');
}

/** The runs of each build. */
export function byBuild(history: readonly Run[]): ReadonlyMap<number, readonly Run[]> {
  const builds = new Map<number, Run[]>();
  for (const run of history) builds.set(run.build, [...(builds.get(run.build) ?? []), run]);
  return builds;
}
