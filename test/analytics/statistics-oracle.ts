import type { Database } from '../../src/db/client.ts';

type Row = Readonly<Record<string, unknown>>;

const quarterMs = 900_000;
const nobody = '00000000-0000-0000-0000-000000000000';

/** Everything that the totals of builds and stages hold of an organization, one line for each row, sorted. */
export async function storedTotals({ pool }: Database, organizationId: string): Promise<string[]> {
  const { rows: jobs } = await pool.query<Row>(
    `SELECT *, NULL AS stage FROM job_quarters WHERE organization_id = $1`,
    [organizationId],
  );
  const { rows: stages } = await pool.query<Row>(
    `SELECT *, name AS stage, '{}'::jsonb AS durations_by_labels FROM stage_quarters WHERE organization_id = $1`,
    [organizationId],
  );
  return [...jobs, ...stages].map((row) => lineOf(row)).sort();
}

function lineOf(row: Row): string {
  return JSON.stringify([
    row['repository_key'],
    row['job_name'],
    row['stage'],
    row['starts_at'],
    row['status'],
    row['runs'],
    Number(row['duration_ms']),
    Number(row['queue_ms']),
    histogram(row['buckets'], row['bucket_counts']),
    histogram(row['queue_buckets'], row['queue_bucket_counts']),
    Object.entries(row['durations_by_labels'] as object).sort(), // a column of ours
  ]);
}

function histogram(buckets: unknown, counts: unknown): unknown[] {
  return (buckets as number[]).map((bucket, index) => [bucket, (counts as number[])[index]]); // columns of ours
}

/** The same, counted one by one from builds and stages as they are stored. */
export async function countedTotals(
  { prisma }: Database,
  organizationId: string,
): Promise<string[]> {
  const builds = await prisma.build.findMany({
    where: { organizationId },
    include: { stages: true },
  });
  const of = (build: (typeof builds)[number]) => ({
    repository_key: build.repositoryId ?? nobody,
    job_name: build.jobName,
    starts_at: new Date(Math.floor(build.recordedAt.getTime() / quarterMs) * quarterMs),
  });
  const ofBuilds = builds.map((build) => ({
    ...of(build),
    stage: null,
    status: build.status,
    ms: build.durationMs,
    queued: build.queueDurationMs,
    labels: JSON.stringify([...new Set(build.agentLabels)].sort()),
  }));
  const ofStages = builds.flatMap((build) =>
    build.stages.map((stage) => ({
      ...of(build),
      stage: stage.name,
      status: stage.status,
      ms: stage.durationMs,
      queued: stage.queueDurationMs,
      labels: null,
    })),
  );
  const groups = new Map<string, ((typeof ofBuilds)[number] | (typeof ofStages)[number])[]>();
  for (const run of [...ofBuilds, ...ofStages]) {
    const { repository_key, job_name, starts_at, stage, status } = run;
    const key = JSON.stringify([repository_key, job_name, starts_at, stage, status]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].map((group) => lineOf(totalOf(group))).sort();
}

interface Run {
  readonly ms: bigint | null;
  readonly queued: bigint | null;
  readonly labels: string | null;
}

function totalOf(runs: readonly Run[]): Row {
  const times = runs.flatMap(({ ms }) => ms ?? []);
  const waits = runs.flatMap(({ queued }) => queued ?? []);
  const byLabels: Record<string, number> = {};
  for (const { labels, ms } of runs) {
    if (labels !== null && ms !== null) byLabels[labels] = (byLabels[labels] ?? 0) + Number(ms);
  }
  const [timed, waited] = [countBuckets(times), countBuckets(waits)];
  return {
    ...runs[0],
    runs: runs.length,
    duration_ms: times.reduce((sum, ms) => sum + ms, 0n),
    queue_ms: waits.reduce((sum, ms) => sum + ms, 0n),
    buckets: [...timed.keys()],
    bucket_counts: [...timed.values()],
    queue_buckets: [...waited.keys()],
    queue_bucket_counts: [...waited.values()],
    durations_by_labels: byLabels,
  };
}

function countBuckets(times: readonly bigint[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const ms of times) {
    const bucket = Math.ceil(Math.log(Math.max(1, Number(ms) * 1_000)) / Math.log(1.02 / 0.98));
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return new Map([...counts].sort(([one], [other]) => one - other));
}
