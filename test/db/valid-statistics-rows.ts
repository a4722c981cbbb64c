interface OfRepository {
  readonly organizationId: string;
  readonly repositoryKey: string;
}

/** A valid row of each table of statistics, by its table. */
export function statisticsRows(repository: OfRepository, startsAt: Date) {
  return {
    job_quarters: {
      ...repository,
      jobName: 'test',
      startsAt,
      status: 'SUCCESS',
      runs: 1,
      durationMs: 1_000,
      queueMs: 0,
      buckets: [346],
      bucketCounts: [1],
      queueBuckets: [],
      queueBucketCounts: [],
      durationsByLabels: { '["linux"]': 1_000 },
    },
    stage_quarters: {
      ...repository,
      stageKey: 'f'.repeat(24),
      startsAt,
      status: 'SUCCESS',
      jobName: 'test',
      name: 'compile',
      runs: 1,
      durationMs: 1_000,
      queueMs: 0,
      buckets: [346],
      bucketCounts: [1],
      queueBuckets: [],
      queueBucketCounts: [],
    },
    runner_prices: {
      organizationId: repository.organizationId,
      label: 'linux',
      pricePerMinute: 0.008,
      currency: 'EUR',
    },
  };
}
