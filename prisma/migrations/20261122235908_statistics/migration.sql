-- CreateTable
CREATE TABLE "job_quarters" (
    "organization_id" UUID NOT NULL,
    "repository_key" UUID NOT NULL,
    "job_name" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "status" "build_status" NOT NULL,
    "runs" INTEGER NOT NULL,
    "duration_ms" BIGINT NOT NULL,
    "queue_ms" BIGINT NOT NULL,
    "buckets" SMALLINT[],
    "bucket_counts" INTEGER[],
    "queue_buckets" SMALLINT[],
    "queue_bucket_counts" INTEGER[],
    "durations_by_labels" JSONB NOT NULL,

    CONSTRAINT "job_quarters_pkey" PRIMARY KEY ("organization_id","repository_key","job_name","starts_at","status")
);

-- CreateTable
CREATE TABLE "stage_quarters" (
    "organization_id" UUID NOT NULL,
    "repository_key" UUID NOT NULL,
    "stage_key" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "status" "stage_status" NOT NULL,
    "job_name" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "runs" INTEGER NOT NULL,
    "duration_ms" BIGINT NOT NULL,
    "queue_ms" BIGINT NOT NULL,
    "buckets" SMALLINT[],
    "bucket_counts" INTEGER[],
    "queue_buckets" SMALLINT[],
    "queue_bucket_counts" INTEGER[],

    CONSTRAINT "stage_quarters_pkey" PRIMARY KEY ("organization_id","repository_key","stage_key","starts_at","status")
);

-- CreateTable
CREATE TABLE "runner_prices" (
    "organization_id" UUID NOT NULL,
    "label" TEXT NOT NULL,
    "price_per_minute" DOUBLE PRECISION NOT NULL,
    "currency" TEXT NOT NULL,

    CONSTRAINT "runner_prices_pkey" PRIMARY KEY ("organization_id","label")
);

-- CreateIndex
CREATE INDEX "job_quarters_organization_id_repository_key_starts_at_idx" ON "job_quarters"("organization_id", "repository_key", "starts_at");

-- CreateIndex
CREATE INDEX "job_quarters_organization_id_job_name_repository_key_idx" ON "job_quarters"("organization_id", "job_name", "repository_key");

-- CreateIndex
CREATE INDEX "stage_quarters_organization_id_repository_key_starts_at_idx" ON "stage_quarters"("organization_id", "repository_key", "starts_at");

-- AddForeignKey
ALTER TABLE "runner_prices" ADD CONSTRAINT "runner_prices_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE job_quarters ADD CONSTRAINT job_quarters_check CHECK (runs > 0
  AND cardinality(buckets) = cardinality(bucket_counts) AND cardinality(queue_buckets) = cardinality(queue_bucket_counts));
ALTER TABLE stage_quarters ADD CONSTRAINT stage_quarters_check CHECK (runs > 0
  AND cardinality(buckets) = cardinality(bucket_counts) AND cardinality(queue_buckets) = cardinality(queue_bucket_counts));
ALTER TABLE runner_prices ADD CONSTRAINT runner_prices_check CHECK (label <> '' AND length(label) <= 512
  AND price_per_minute >= 0 AND price_per_minute <= 1000000 AND currency ~ '^[A-Z]{3}$');

-- Builds of a job of a repository in a quarter of an hour.
CREATE INDEX builds_recorded ON builds (organization_id, job_name, (coalesce(repository_id, '00000000-0000-0000-0000-000000000000'::uuid)), recorded_at);
-- Builds that failed, and what came of the job on the branch after and before. Hashes: names may be long.
CREATE INDEX builds_failed ON builds (organization_id, repository_id, recorded_at, id) WHERE status IN ('FAILURE', 'UNSTABLE');
CREATE INDEX builds_outcomes ON builds (organization_id, repository_id, md5(branch), md5(job_name), recorded_at, id)
  WHERE status IN ('SUCCESS', 'FAILURE', 'UNSTABLE');

-- All builds that are stored already are counted by the gateway after it starts.
INSERT INTO analytics_events (organization_id, kind, repository_id, names, recorded_ats)
  SELECT organization_id, 'BUILD', repository_id, array_agg(job_name), array_agg(starts_at) FROM (
    SELECT *, row_number() OVER (PARTITION BY organization_id, repository_id ORDER BY job_name, starts_at) / 200 AS part
    FROM (SELECT DISTINCT organization_id, repository_id, job_name,
        date_bin('15 minutes', recorded_at, timestamptz '2001-01-01 00:00:00Z') AS starts_at FROM builds) places) numbered
  GROUP BY organization_id, repository_id, part;
