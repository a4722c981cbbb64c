import type { TestGateway } from '../support/start-gateway.ts';

export interface AnsweredFigures {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly success: number;
  readonly failure: number;
  readonly unstable: number;
  readonly aborted: number;
  readonly notRun: number;
  readonly unfinished: number;
  readonly successRate: number | null;
  readonly meanDurationMs: number | null;
  readonly durationPercentiles: readonly { readonly percent: number; readonly ms: number }[];
  readonly queuePercentiles: readonly { readonly percent: number; readonly ms: number }[];
  readonly buildsPerDay: number;
  readonly recoveryCount: number;
  readonly meanTimeToRecoveryMs: number | null;
}

export interface AnsweredStatistics {
  readonly dataAvailableFrom: string | null;
  readonly total: AnsweredFigures;
  readonly previous: AnsweredFigures;
  readonly intervals: readonly AnsweredFigures[];
  readonly change: Readonly<Record<'count' | 'successRate' | 'meanDurationMs', number | null>>;
  readonly cost: {
    readonly currency: string;
    readonly total: number;
    readonly wasted: number;
    readonly unpricedDurationMs: number;
  } | null;
}

const figures = `{ from to count success failure unstable aborted notRun unfinished successRate meanDurationMs
  durationPercentiles(percents: [0, 50, 100]) { percent ms } queuePercentiles(percents: [50]) { percent ms }
  buildsPerDay recoveryCount meanTimeToRecoveryMs }`;

export const statisticsSelection = `{ dataAvailableFrom total ${figures} previous ${figures} intervals ${figures}
  change { count successRate meanDurationMs meanTimeToRecoveryMs }
  cost { currency total wasted unpricedDurationMs } }`;

/** Gives the statistics of the builds of acme/widgets. */
export async function buildStatistics(
  gateway: TestGateway,
  time: object,
): Promise<AnsweredStatistics> {
  const { data, errors } = await gateway.graphql<{
    repository: { statistics: AnsweredStatistics };
  }>(
    `query ($window: StatisticsWindow, $interval: StatisticsInterval! = DAY, $timeZone: String! = "UTC") {
      repository(owner: "acme", name: "widgets") {
        statistics(window: $window, interval: $interval, timeZone: $timeZone) ${statisticsSelection} } }`,
    time,
  );
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.repository.statistics;
}
