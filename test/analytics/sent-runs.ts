import { aBuild, ingestClient } from '../ingest/ingest-client.ts';
import type { TestGateway } from '../support/start-gateway.ts';

/** What one run of a test gave: its outcome, and its time in milliseconds where it has one. */
export interface SentResult {
  readonly name: string;
  readonly status: 'PASSED' | 'FAILED' | 'ERRORED' | 'SKIPPED';
  readonly durationMs?: number;
  readonly message?: string;
}

/** A build and the results of its tests, all at one time. */
export interface SentRun {
  readonly at: string;
  readonly branch?: string;
  readonly commitSha?: string;
  readonly cancelled?: boolean;
  readonly results: readonly SentResult[];
}

/** An organization of its own that sends runs of acme/widgets and asks. */
export async function newOrganization(gateway: TestGateway) {
  const { organizationId, key } = await gateway.createOrganization();
  const client = ingestClient(gateway, key);

  /** Sends the runs, each as a build of its own, and lets the analytics take them in. */
  const send = async (runs: readonly SentRun[]): Promise<void> => {
    for (const { at, branch, commitSha, cancelled, results } of runs) {
      const startedAt = new Date(at).toISOString();
      const status = cancelled === true ? 'ABORTED' : 'SUCCESS';
      const { build } = await client.build(
        aBuild({ startedAt, status, branch: branch ?? 'main', commitSha: commitSha ?? null }),
      );
      await client.results({
        buildId: build.databaseId,
        results: results.map(({ durationMs, ...result }) => ({
          ...result,
          recordedAt: startedAt,
          durationUs: durationMs === undefined ? null : Math.round(durationMs * 1000),
        })),
      });
    }
    await gateway.settleAnalytics();
  };

  /** Asks, and fails on errors. */
  const ask = async <Data>(operation: string, variables: object = {}): Promise<Data> => {
    const { data, errors } = await gateway.graphql<Data>(operation, variables, key);
    if (data == null) throw new Error(JSON.stringify(errors));
    return data;
  };

  /** Asks what is refused, and gives the message. */
  const refusal = async (operation: string, variables: object = {}): Promise<string> => {
    const { errors } = await gateway.graphql(operation, variables, key);
    return errors?.[0]?.message ?? '';
  };

  return { organizationId, key, send, ask, refusal };
}

/** So many runs of one test at one time. */
export function times(count: number, result: SentResult): SentResult[] {
  return Array.from({ length: count }, () => result);
}
