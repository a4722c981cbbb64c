-- What the gateway made of the facts so far is made anew, see the end.
DELETE FROM flaky_evidence;
DELETE FROM flaky_tests;

-- CreateEnum
CREATE TYPE "evidence_kind" AS ENUM ('SAME_CODE_STATE', 'IN_RUN_RETRY', 'SANDWICH');

-- CreateEnum
CREATE TYPE "evidence_guard" AS ENUM ('INFRASTRUCTURE_OUTAGE', 'CANCELLED_BUILD', 'EXCLUDED');

-- CreateEnum
CREATE TYPE "disruptor_type" AS ENUM ('FLAKY', 'STATISTICAL');

-- CreateEnum
CREATE TYPE "transition_rule" AS ENUM ('EVIDENCE', 'FAILS_IN_A_ROW', 'PASSED_AGAIN', 'QUIET', 'EVIDENCE_WITHDRAWN', 'FIX_ATTEMPTED', 'FIX_VERIFIED', 'FIX_REFUTED', 'FIX_WITHDRAWN');

-- CreateEnum
CREATE TYPE "analytics_event_kind" AS ENUM ('RESULTS', 'CODE_STATES', 'TEST_CASES', 'BUILD_GUARD', 'UPLOADS', 'DAYS', 'BUILD', 'STAGES');

-- AlterEnum
ALTER TYPE "flaky_state" ADD VALUE 'FIX_PENDING';

-- DropIndex
DROP INDEX "flaky_evidence_organization_id_test_case_id_last_at_code_st_idx";

-- AlterTable
ALTER TABLE "flaky_evidence" DROP CONSTRAINT "flaky_evidence_pkey",
ADD COLUMN     "failed_result_id" TEXT NOT NULL,
ADD COLUMN     "key" TEXT NOT NULL,
ADD COLUMN     "kind" "evidence_kind" NOT NULL,
ADD COLUMN     "last_failed_at" TIMESTAMPTZ(3) NOT NULL,
ADD COLUMN     "passed_result_id" TEXT NOT NULL,
ADD CONSTRAINT "flaky_evidence_pkey" PRIMARY KEY ("organization_id", "test_case_id", "key");

-- AlterTable
ALTER TABLE "flaky_tests" ADD COLUMN     "disruptor_type" "disruptor_type",
ADD COLUMN     "recheck_at" TIMESTAMPTZ(3),
ADD COLUMN     "state_since" TIMESTAMPTZ(3) NOT NULL;

-- AlterTable
ALTER TABLE "test_results" ADD COLUMN     "guard" "evidence_guard";

-- CreateTable
CREATE TABLE "analytics_events" (
    "organization_id" UUID NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "kind" "analytics_event_kind" NOT NULL,
    "repository_id" UUID,
    "build_id" UUID,
    "submission_id" TEXT,
    "invocation_id" UUID,
    "code_state" TEXT,
    "test_case_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "recorded_ats" TIMESTAMPTZ(3)[] DEFAULT ARRAY[]::TIMESTAMPTZ(3)[],
    "statuses" "test_status"[] DEFAULT ARRAY[]::"test_status"[],
    "durations_us" BIGINT[] DEFAULT ARRAY[]::BIGINT[],
    "names" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "analytics_events_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "test_days" (
    "organization_id" UUID NOT NULL,
    "test_case_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "repository_id" UUID NOT NULL,
    "passed" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "errored" INTEGER NOT NULL,
    "skipped" INTEGER NOT NULL,
    "other" INTEGER NOT NULL,
    "transitions" INTEGER NOT NULL DEFAULT 0,
    "first_passed" BOOLEAN,
    "last_passed" BOOLEAN,
    "duration_us" BIGINT NOT NULL,
    "buckets" SMALLINT[],
    "bucket_counts" INTEGER[],

    CONSTRAINT "test_days_pkey" PRIMARY KEY ("organization_id","test_case_id","day")
);

-- CreateTable
CREATE TABLE "result_quarters" (
    "organization_id" UUID NOT NULL,
    "repository_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "passed" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "errored" INTEGER NOT NULL,
    "skipped" INTEGER NOT NULL,
    "other" INTEGER NOT NULL,
    "duration_us" BIGINT NOT NULL,
    "buckets" SMALLINT[],
    "bucket_counts" INTEGER[],

    CONSTRAINT "result_quarters_pkey" PRIMARY KEY ("organization_id","repository_id","starts_at")
);

-- CreateTable
CREATE TABLE "disruptions" (
    "organization_id" UUID NOT NULL,
    "test_case_id" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "result_id" TEXT NOT NULL,
    "repository_id" UUID NOT NULL,
    "evidence_key" TEXT NOT NULL,
    "kind" "evidence_kind" NOT NULL,
    "build_id" UUID,
    "submission_id" TEXT,
    "commit_sha" TEXT,

    CONSTRAINT "disruptions_pkey" PRIMARY KEY ("organization_id","test_case_id","recorded_at","result_id")
);

-- CreateTable
CREATE TABLE "flaky_transitions" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "test_case_id" TEXT NOT NULL,
    "repository_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "before" "flaky_state" NOT NULL,
    "after" "flaky_state" NOT NULL,
    "rule" "transition_rule" NOT NULL,
    "actor" TEXT,
    "evidence_key" TEXT,

    CONSTRAINT "flaky_transitions_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "fix_attempts" (
    "organization_id" UUID NOT NULL,
    "test_case_id" TEXT NOT NULL,
    "commit_sha" TEXT NOT NULL,
    "attempted_at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,

    CONSTRAINT "fix_attempts_pkey" PRIMARY KEY ("organization_id","test_case_id")
);

-- CreateTable
CREATE TABLE "suite_outages" (
    "organization_id" UUID NOT NULL,
    "upload" TEXT NOT NULL,
    "suite_key" TEXT NOT NULL,
    "suite" TEXT NOT NULL,
    "repository_id" UUID NOT NULL,
    "failed_count" INTEGER NOT NULL,
    "test_count" INTEGER NOT NULL,
    "failed_results" INTEGER NOT NULL,
    "passed_results" INTEGER NOT NULL,
    "is_outage" BOOLEAN NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "suite_outages_pkey" PRIMARY KEY ("organization_id","upload","suite_key")
);

-- CreateTable
CREATE TABLE "flaky_settings" (
    "organization_id" UUID NOT NULL,
    "repository_id" UUID NOT NULL,
    "alarm_days" INTEGER NOT NULL DEFAULT 14,
    "alarm_halves" INTEGER NOT NULL DEFAULT 2,
    "recover_days" INTEGER NOT NULL DEFAULT 30,
    "broken_states" INTEGER NOT NULL DEFAULT 3,
    "fix_states" INTEGER NOT NULL DEFAULT 5,
    "outage_percent" INTEGER DEFAULT 80,
    "outage_tests" INTEGER NOT NULL DEFAULT 10,
    "statistical_percent" INTEGER NOT NULL DEFAULT 30,
    "statistical_results" INTEGER NOT NULL DEFAULT 10,
    "quarantine_percent" INTEGER,

    CONSTRAINT "flaky_settings_pkey" PRIMARY KEY ("organization_id","repository_id")
);

-- CreateIndex
CREATE INDEX "disruptions_organization_id_repository_id_recorded_at_resul_idx" ON "disruptions"("organization_id", "repository_id", "recorded_at", "result_id");

-- CreateIndex
CREATE INDEX "flaky_transitions_organization_id_test_case_id_at_id_idx" ON "flaky_transitions"("organization_id", "test_case_id", "at", "id");

-- CreateIndex
CREATE INDEX "flaky_transitions_organization_id_repository_id_at_id_idx" ON "flaky_transitions"("organization_id", "repository_id", "at", "id");

-- CreateIndex
CREATE INDEX "suite_outages_organization_id_repository_id_suite_key_recor_idx" ON "suite_outages"("organization_id", "repository_id", "suite_key", "recorded_at");

-- CreateIndex
CREATE INDEX "flaky_evidence_organization_id_test_case_id_last_at_key_idx" ON "flaky_evidence"("organization_id", "test_case_id", "last_at", "key");

-- AddForeignKey
ALTER TABLE "analytics_events" ADD CONSTRAINT "analytics_events_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "result_quarters" ADD CONSTRAINT "result_quarters_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "disruptions" ADD CONSTRAINT "disruptions_organization_id_test_case_id_fkey" FOREIGN KEY ("organization_id", "test_case_id") REFERENCES "test_cases"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flaky_transitions" ADD CONSTRAINT "flaky_transitions_organization_id_test_case_id_fkey" FOREIGN KEY ("organization_id", "test_case_id") REFERENCES "test_cases"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fix_attempts" ADD CONSTRAINT "fix_attempts_organization_id_test_case_id_fkey" FOREIGN KEY ("organization_id", "test_case_id") REFERENCES "test_cases"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "suite_outages" ADD CONSTRAINT "suite_outages_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flaky_settings" ADD CONSTRAINT "flaky_settings_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE flaky_tests DROP CONSTRAINT flaky_tests_evidence_check,
  ADD CONSTRAINT flaky_tests_evidence_check CHECK (evidence_count >= 0 AND first_evidence_at <= last_evidence_at);
ALTER TABLE flaky_evidence DROP CONSTRAINT flaky_evidence_check,
  ADD CONSTRAINT flaky_evidence_check CHECK (failed_count > 0 AND first_at <= last_at
    AND CASE kind WHEN 'SANDWICH' THEN passed_count = 0 ELSE passed_count > 0 END);
ALTER TABLE test_days ADD CONSTRAINT test_days_check CHECK (cardinality(buckets) = cardinality(bucket_counts));
ALTER TABLE result_quarters ADD CONSTRAINT result_quarters_check CHECK (cardinality(buckets) = cardinality(bucket_counts));
ALTER TABLE flaky_settings ADD CONSTRAINT flaky_settings_check CHECK (
  alarm_days BETWEEN 1 AND 365 AND alarm_halves BETWEEN 1 AND 1000 AND recover_days BETWEEN 1 AND 365
  AND broken_states BETWEEN 2 AND 100 AND fix_states BETWEEN 1 AND 100 AND outage_percent BETWEEN 1 AND 99
  AND outage_tests BETWEEN 2 AND 100000 AND statistical_percent BETWEEN 1 AND 100
  AND statistical_results BETWEEN 2 AND 100000 AND quarantine_percent BETWEEN 1 AND 100);

-- Few and asked for by each pass, between many events of other kinds.
CREATE INDEX analytics_events_anew ON analytics_events (organization_id, id) WHERE kind IN ('TEST_CASES', 'DAYS');
CREATE INDEX flaky_tests_recheck ON flaky_tests (organization_id, recheck_at) WHERE recheck_at IS NOT NULL;
-- Which tests ran on which days, those with failures first of all.
CREATE INDEX test_days_failed ON test_days (organization_id, repository_id, day, test_case_id) WHERE failed + errored > 0;
CREATE INDEX test_days_repository ON test_days (organization_id, repository_id, day, test_case_id);
CREATE INDEX test_results_failures ON test_results (organization_id, test_case_id, recorded_at, id) WHERE status IN ('FAILED', 'ERRORED');
CREATE INDEX test_cases_suite ON test_cases (organization_id, repository_id, (left(suite, 256)), id);
CREATE INDEX test_results_guarded_tests ON test_results (organization_id, test_case_id, recorded_at) WHERE guard IS NOT NULL;
CREATE INDEX test_results_guarded ON test_results (organization_id, build_id, guard) WHERE guard IS NOT NULL;

-- Histograms of run times: buckets grow by 1.02/0.98, so that a value is told with a relative error of 2 % at most
-- (DDSketch, Masson, Rim and Lee, VLDB 2019). Bucket 0 holds everything up to a microsecond.
CREATE FUNCTION duration_bucket(microseconds bigint) RETURNS smallint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN ceil(ln(greatest(microseconds, 1)::float8) / ln(1.02::float8 / 0.98::float8))::smallint;

-- The value that stands for all of a bucket, in microseconds.
CREATE FUNCTION bucket_duration(bucket smallint) RETURNS float8
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN CASE WHEN bucket = 0 THEN 0 ELSE 1.02::float8 * power(1.02::float8 / 0.98::float8, bucket - 1) END;

-- All that is stored already is worked out anew by the gateway after it starts.
INSERT INTO analytics_events (organization_id, kind, test_case_ids)
  SELECT organization_id, 'TEST_CASES', array_agg(id) FROM (
    SELECT organization_id, id, row_number() OVER (PARTITION BY organization_id ORDER BY id) / 200 AS part
    FROM test_cases) t GROUP BY organization_id, part;
INSERT INTO analytics_events (organization_id, kind, names)
  SELECT organization_id, 'UPLOADS', array_agg(upload) FROM (
    SELECT organization_id, upload, row_number() OVER (PARTITION BY organization_id ORDER BY min(recorded_at)) / 10 AS part
    FROM (SELECT organization_id, recorded_at, coalesce('submission ' || submission_id, 'build ' || build_id::text,
        'invocation ' || invocation_id::text) AS upload FROM test_results WHERE status IN ('FAILED', 'ERRORED')) failures
    GROUP BY organization_id, upload) t GROUP BY organization_id, part ORDER BY organization_id, part;
INSERT INTO analytics_events (organization_id, kind, repository_id, recorded_ats)
  SELECT organization_id, 'DAYS', repository_id, array_agg(day) FROM (
    SELECT *, row_number() OVER (PARTITION BY organization_id, repository_id ORDER BY day) / 10 AS part FROM (
      SELECT DISTINCT organization_id, repository_id, date_trunc('day', recorded_at, 'UTC') AS day FROM test_results) days) t
  GROUP BY organization_id, repository_id, part;
