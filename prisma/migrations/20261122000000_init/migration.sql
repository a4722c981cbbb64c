-- CreateEnum
CREATE TYPE "capability" AS ENUM ('INGEST', 'READ', 'MANAGE', 'ADMIN', 'EXECUTE');

-- CreateEnum
CREATE TYPE "build_status" AS ENUM ('QUEUED', 'IN_PROGRESS', 'SUCCESS', 'FAILURE', 'UNSTABLE', 'ABORTED', 'NOT_BUILT', 'OTHER');

-- CreateEnum
CREATE TYPE "stage_status" AS ENUM ('QUEUED', 'IN_PROGRESS', 'SUCCESS', 'FAILURE', 'UNSTABLE', 'ABORTED', 'SKIPPED', 'OTHER');

-- CreateEnum
CREATE TYPE "submission_status" AS ENUM ('PROCESSING', 'PROCESSED', 'FAILED');

-- CreateEnum
CREATE TYPE "test_status" AS ENUM ('PASSED', 'FAILED', 'ERRORED', 'SKIPPED', 'OTHER');

-- CreateEnum
CREATE TYPE "flaky_state" AS ENUM ('HEALTHY', 'FLAKY', 'BROKEN');

-- CreateEnum
CREATE TYPE "invocation_status" AS ENUM ('PARTIAL', 'COMPLETE', 'DISCONNECTED');

-- CreateEnum
CREATE TYPE "target_status" AS ENUM ('BUILDING', 'BUILT', 'FAILED_TO_BUILD', 'PASSED', 'FAILED', 'TIMED_OUT', 'FLAKY', 'CANCELLED', 'SKIPPED', 'INCOMPLETE', 'TOOL_FAILED', 'OTHER');

-- CreateEnum
CREATE TYPE "agent_status" AS ENUM ('ONLINE', 'OFFLINE', 'BUILDING', 'UNKNOWN');

-- CreateTable
CREATE TABLE "organizations" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organizations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "user_id" UUID,
    "name" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "hint" TEXT NOT NULL,
    "capabilities" "capability"[] NOT NULL DEFAULT ARRAY[]::"capability"[],
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "repositories" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "provider" TEXT,
    "default_branch" TEXT,
    "url" TEXT,
    "legacy_id" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "repositories_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "builds" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "repository_id" UUID,
    "natural_key" TEXT,
    "job_name" TEXT NOT NULL,
    "job_display_name" TEXT,
    "number" BIGINT,
    "status" "build_status" NOT NULL,
    "status_raw" TEXT NOT NULL,
    "duration_ms" BIGINT,
    "queue_duration_ms" BIGINT,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "branch" TEXT,
    "commit_sha" TEXT,
    "tree_sha" TEXT,
    "pull_request" BIGINT,
    "cause" TEXT,
    "source" TEXT,
    "instance" TEXT,
    "url" TEXT,
    "job_url" TEXT,
    "external_run_id" TEXT,
    "attempt" INTEGER,
    "triggered_by" TEXT,
    "agent_name" TEXT,
    "agent_labels" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "builds_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "build_aliases" (
    "organization_id" UUID NOT NULL,
    "alias" UUID NOT NULL,
    "build_id" UUID NOT NULL,

    CONSTRAINT "build_aliases_pkey" PRIMARY KEY ("organization_id","alias")
);

-- CreateTable
CREATE TABLE "stages" (
    "organization_id" UUID NOT NULL,
    "build_id" UUID NOT NULL,
    "stage_order" INTEGER NOT NULL,
    "repository_id" UUID,
    "name" TEXT NOT NULL,
    "status" "stage_status" NOT NULL,
    "status_raw" TEXT NOT NULL,
    "duration_ms" BIGINT,
    "queue_duration_ms" BIGINT,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "agent_name" TEXT,
    "url" TEXT,

    CONSTRAINT "stages_pkey" PRIMARY KEY ("organization_id","build_id","stage_order")
);

-- CreateTable
CREATE TABLE "build_logs" (
    "organization_id" UUID NOT NULL,
    "build_id" UUID NOT NULL,
    "blob_key" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "line_count" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "build_logs_pkey" PRIMARY KEY ("organization_id","build_id")
);

-- CreateTable
CREATE TABLE "submissions" (
    "organization_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "repository_id" UUID NOT NULL,
    "build_id" UUID,
    "key" TEXT NOT NULL,
    "build_url" TEXT,
    "branch" TEXT,
    "commit_sha" TEXT,
    "tree_sha" TEXT,
    "source" TEXT,
    "status" "submission_status" NOT NULL,
    "failure_reason" TEXT,
    "tags" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "test_result_count" BIGINT NOT NULL DEFAULT 0,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "submissions_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "test_cases" (
    "organization_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "repository_id" UUID NOT NULL,
    "suite" TEXT NOT NULL,
    "class_name" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "file" TEXT NOT NULL,
    "variant" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "test_cases_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "test_results" (
    "organization_id" UUID NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "id" TEXT NOT NULL,
    "repository_id" UUID NOT NULL,
    "test_case_id" TEXT NOT NULL,
    "build_id" UUID,
    "submission_id" TEXT,
    "invocation_id" UUID,
    "attempt" INTEGER NOT NULL,
    "status" "test_status" NOT NULL,
    "status_raw" TEXT NOT NULL,
    "duration_us" BIGINT,
    "message" TEXT,
    "stack_trace" TEXT,
    "branch" TEXT,
    "commit_sha" TEXT,
    "code_state" TEXT,

    CONSTRAINT "test_results_pkey" PRIMARY KEY ("organization_id","recorded_at","id")
) PARTITION BY RANGE ("recorded_at");

-- CreateTable
CREATE TABLE "flaky_tests" (
    "organization_id" UUID NOT NULL,
    "test_case_id" TEXT NOT NULL,
    "repository_id" UUID NOT NULL,
    "state" "flaky_state" NOT NULL,
    "evidence_count" INTEGER NOT NULL,
    "first_evidence_at" TIMESTAMPTZ(3) NOT NULL,
    "last_evidence_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "flaky_tests_pkey" PRIMARY KEY ("organization_id","test_case_id")
);

-- CreateTable
CREATE TABLE "flaky_evidence" (
    "organization_id" UUID NOT NULL,
    "test_case_id" TEXT NOT NULL,
    "code_state" TEXT NOT NULL,
    "passed_count" INTEGER NOT NULL,
    "failed_count" INTEGER NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "flaky_evidence_pkey" PRIMARY KEY ("organization_id","test_case_id","code_state")
);

-- CreateTable
CREATE TABLE "invocations" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "repository_id" UUID,
    "command" TEXT,
    "patterns" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "user_name" TEXT,
    "host" TEXT,
    "role" TEXT,
    "status" "invocation_status" NOT NULL,
    "success" BOOLEAN,
    "exit_code" TEXT,
    "duration_us" BIGINT,
    "action_count" BIGINT,
    "branch" TEXT,
    "commit_sha" TEXT,
    "tree_sha" TEXT,
    "tags" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "run_id" TEXT,
    "parent_run_id" TEXT,
    "sequence_number" BIGINT NOT NULL DEFAULT 0,
    "build_metadata" JSONB NOT NULL DEFAULT '{}',
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invocations_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "targets" (
    "organization_id" UUID NOT NULL,
    "invocation_id" UUID NOT NULL,
    "label" TEXT NOT NULL,
    "rule_type" TEXT,
    "status" "target_status" NOT NULL,
    "tags" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "duration_us" BIGINT,
    "started_at" TIMESTAMPTZ(3),

    CONSTRAINT "targets_pkey" PRIMARY KEY ("organization_id","invocation_id","label")
);

-- CreateTable
CREATE TABLE "actions" (
    "organization_id" UUID NOT NULL,
    "invocation_id" UUID NOT NULL,
    "sequence_number" BIGINT NOT NULL,
    "target_label" TEXT NOT NULL,
    "configuration_id" TEXT,
    "action_id" TEXT NOT NULL,
    "shard" INTEGER,
    "run" INTEGER,
    "attempt" INTEGER,

    CONSTRAINT "actions_pkey" PRIMARY KEY ("organization_id","invocation_id","sequence_number")
);

-- CreateTable
CREATE TABLE "files" (
    "organization_id" UUID NOT NULL,
    "invocation_id" UUID NOT NULL,
    "sequence_number" BIGINT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "uri" TEXT,
    "digest" TEXT,
    "size_bytes" BIGINT,

    CONSTRAINT "files_pkey" PRIMARY KEY ("organization_id","invocation_id","sequence_number","position")
);

-- CreateTable
CREATE TABLE "agents" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "instance" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" "agent_status" NOT NULL,
    "status_raw" TEXT NOT NULL,
    "current_job" TEXT,
    "labels" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "os" TEXT,
    "arch" TEXT,
    "executors" INTEGER,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "agents_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "coverage_reports" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "repository_id" UUID NOT NULL,
    "build_id" UUID,
    "submission_id" TEXT,
    "format" TEXT NOT NULL,
    "branch" TEXT,
    "commit_sha" TEXT,
    "covered_lines" BIGINT NOT NULL,
    "coverable_lines" BIGINT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "coverage_reports_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "security_reports" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "repository_id" UUID,
    "build_id" UUID NOT NULL,
    "tool" TEXT NOT NULL,
    "kind" TEXT,
    "severity_counts" JSONB NOT NULL DEFAULT '{}',
    "document" JSONB NOT NULL DEFAULT '{}',
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "security_reports_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "organizations_slug_key" ON "organizations"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_secret_hash_key" ON "api_keys"("secret_hash");

-- CreateIndex
CREATE INDEX "api_keys_organization_id_created_at_id_idx" ON "api_keys"("organization_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "repositories_organization_id_created_at_id_idx" ON "repositories"("organization_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "repositories_organization_id_slug_key" ON "repositories"("organization_id", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "repositories_organization_id_legacy_id_key" ON "repositories"("organization_id", "legacy_id");

-- CreateIndex
CREATE UNIQUE INDEX "builds_organization_id_natural_key_key" ON "builds"("organization_id", "natural_key");

-- CreateIndex
CREATE INDEX "build_aliases_organization_id_build_id_idx" ON "build_aliases"("organization_id", "build_id");

-- CreateIndex
CREATE UNIQUE INDEX "submissions_organization_id_repository_id_key_key" ON "submissions"("organization_id", "repository_id", "key");

-- CreateIndex
CREATE INDEX "flaky_evidence_organization_id_test_case_id_last_at_code_st_idx" ON "flaky_evidence"("organization_id", "test_case_id", "last_at", "code_state");

-- CreateIndex
CREATE INDEX "actions_organization_id_invocation_id_target_label_idx" ON "actions"("organization_id", "invocation_id", "target_label");

-- CreateIndex
CREATE INDEX "agents_organization_id_last_seen_at_id_idx" ON "agents"("organization_id", "last_seen_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "agents_organization_id_instance_name_key" ON "agents"("organization_id", "instance", "name");

-- CreateIndex
CREATE INDEX "coverage_reports_organization_id_repository_id_recorded_at__idx" ON "coverage_reports"("organization_id", "repository_id", "recorded_at", "id");

-- CreateIndex
CREATE INDEX "coverage_reports_organization_id_build_id_recorded_at_id_idx" ON "coverage_reports"("organization_id", "build_id", "recorded_at", "id");

-- CreateIndex
CREATE INDEX "coverage_reports_organization_id_submission_id_recorded_at__idx" ON "coverage_reports"("organization_id", "submission_id", "recorded_at", "id");

-- CreateIndex
CREATE INDEX "coverage_reports_organization_id_recorded_at_id_idx" ON "coverage_reports"("organization_id", "recorded_at", "id");

-- CreateIndex
CREATE INDEX "security_reports_organization_id_repository_id_recorded_at__idx" ON "security_reports"("organization_id", "repository_id", "recorded_at", "id");

-- CreateIndex
CREATE INDEX "security_reports_organization_id_build_id_recorded_at_id_idx" ON "security_reports"("organization_id", "build_id", "recorded_at", "id");

-- CreateIndex
CREATE INDEX "security_reports_organization_id_recorded_at_id_idx" ON "security_reports"("organization_id", "recorded_at", "id");

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "repositories" ADD CONSTRAINT "repositories_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "builds" ADD CONSTRAINT "builds_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "builds" ADD CONSTRAINT "builds_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "build_aliases" ADD CONSTRAINT "build_aliases_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "build_aliases" ADD CONSTRAINT "build_aliases_organization_id_build_id_fkey" FOREIGN KEY ("organization_id", "build_id") REFERENCES "builds"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stages" ADD CONSTRAINT "stages_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stages" ADD CONSTRAINT "stages_organization_id_build_id_fkey" FOREIGN KEY ("organization_id", "build_id") REFERENCES "builds"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stages" ADD CONSTRAINT "stages_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "build_logs" ADD CONSTRAINT "build_logs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "build_logs" ADD CONSTRAINT "build_logs_organization_id_build_id_fkey" FOREIGN KEY ("organization_id", "build_id") REFERENCES "builds"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_organization_id_build_id_fkey" FOREIGN KEY ("organization_id", "build_id") REFERENCES "builds"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_cases" ADD CONSTRAINT "test_cases_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_cases" ADD CONSTRAINT "test_cases_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_results" ADD CONSTRAINT "test_results_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_results" ADD CONSTRAINT "test_results_organization_id_test_case_id_fkey" FOREIGN KEY ("organization_id", "test_case_id") REFERENCES "test_cases"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_results" ADD CONSTRAINT "test_results_organization_id_build_id_fkey" FOREIGN KEY ("organization_id", "build_id") REFERENCES "builds"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_results" ADD CONSTRAINT "test_results_organization_id_submission_id_fkey" FOREIGN KEY ("organization_id", "submission_id") REFERENCES "submissions"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_results" ADD CONSTRAINT "test_results_organization_id_invocation_id_fkey" FOREIGN KEY ("organization_id", "invocation_id") REFERENCES "invocations"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flaky_tests" ADD CONSTRAINT "flaky_tests_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flaky_tests" ADD CONSTRAINT "flaky_tests_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flaky_tests" ADD CONSTRAINT "flaky_tests_organization_id_test_case_id_fkey" FOREIGN KEY ("organization_id", "test_case_id") REFERENCES "test_cases"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flaky_evidence" ADD CONSTRAINT "flaky_evidence_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flaky_evidence" ADD CONSTRAINT "flaky_evidence_organization_id_test_case_id_fkey" FOREIGN KEY ("organization_id", "test_case_id") REFERENCES "test_cases"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invocations" ADD CONSTRAINT "invocations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invocations" ADD CONSTRAINT "invocations_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "targets" ADD CONSTRAINT "targets_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "targets" ADD CONSTRAINT "targets_organization_id_invocation_id_fkey" FOREIGN KEY ("organization_id", "invocation_id") REFERENCES "invocations"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "actions" ADD CONSTRAINT "actions_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "actions" ADD CONSTRAINT "actions_organization_id_invocation_id_fkey" FOREIGN KEY ("organization_id", "invocation_id") REFERENCES "invocations"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "files" ADD CONSTRAINT "files_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "files" ADD CONSTRAINT "files_organization_id_invocation_id_fkey" FOREIGN KEY ("organization_id", "invocation_id") REFERENCES "invocations"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agents" ADD CONSTRAINT "agents_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage_reports" ADD CONSTRAINT "coverage_reports_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage_reports" ADD CONSTRAINT "coverage_reports_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage_reports" ADD CONSTRAINT "coverage_reports_organization_id_build_id_fkey" FOREIGN KEY ("organization_id", "build_id") REFERENCES "builds"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage_reports" ADD CONSTRAINT "coverage_reports_organization_id_submission_id_fkey" FOREIGN KEY ("organization_id", "submission_id") REFERENCES "submissions"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "security_reports" ADD CONSTRAINT "security_reports_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "security_reports" ADD CONSTRAINT "security_reports_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "security_reports" ADD CONSTRAINT "security_reports_organization_id_build_id_fkey" FOREIGN KEY ("organization_id", "build_id") REFERENCES "builds"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- ---------------------------------------------------------------------------------------------
-- From here on by hand: what Prisma's schema language cannot say.

-- Trigram search within one organization (both extensions are trusted: no superuser needed).
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- Checks: the rules that code states too, kept by the database.
ALTER TABLE organizations ADD CONSTRAINT organizations_slug_check CHECK (slug = lower(slug) AND slug <> '');
ALTER TABLE users ADD CONSTRAINT users_email_check CHECK (email = lower(email));
ALTER TABLE api_keys ADD CONSTRAINT api_keys_secret_hash_check CHECK (octet_length(secret_hash) = 32);
ALTER TABLE repositories ADD CONSTRAINT repositories_slug_check
  CHECK (slug = lower(owner || '/' || name) AND owner <> '' AND name <> '');
ALTER TABLE builds
  ADD CONSTRAINT builds_duration_check CHECK (duration_ms >= 0 AND queue_duration_ms >= 0),
  ADD CONSTRAINT builds_attempt_check CHECK (attempt >= 1);
ALTER TABLE stages
  ADD CONSTRAINT stages_order_check CHECK (stage_order >= 0),
  ADD CONSTRAINT stages_duration_check CHECK (duration_ms >= 0 AND queue_duration_ms >= 0);
ALTER TABLE submissions
  ADD CONSTRAINT submissions_id_check CHECK (id ~ '^[0-9a-f]{24}$'),
  ADD CONSTRAINT submissions_count_check CHECK (test_result_count >= 0),
  ADD CONSTRAINT submissions_failure_check CHECK ((status = 'FAILED') = (failure_reason IS NOT NULL));
ALTER TABLE test_cases ADD CONSTRAINT test_cases_id_check CHECK (id ~ '^[0-9a-f]{24}$');
ALTER TABLE test_results
  ADD CONSTRAINT test_results_id_check CHECK (id ~ '^[0-9a-f]{24}$'),
  ADD CONSTRAINT test_results_attempt_check CHECK (attempt >= 1),
  ADD CONSTRAINT test_results_duration_check CHECK (duration_us >= 0),
  ADD CONSTRAINT test_results_parent_check CHECK (num_nonnulls(build_id, submission_id, invocation_id) > 0);
ALTER TABLE flaky_tests ADD CONSTRAINT flaky_tests_evidence_check
  CHECK (evidence_count > 0 AND first_evidence_at <= last_evidence_at);
ALTER TABLE flaky_evidence ADD CONSTRAINT flaky_evidence_check
  CHECK (passed_count > 0 AND failed_count > 0 AND first_at <= last_at);
ALTER TABLE invocations ADD CONSTRAINT invocations_duration_check CHECK (duration_us >= 0);
ALTER TABLE targets ADD CONSTRAINT targets_duration_check CHECK (duration_us >= 0);
ALTER TABLE coverage_reports ADD CONSTRAINT coverage_reports_lines_check
  CHECK (covered_lines >= 0 AND coverable_lines >= covered_lines);

-- One index for each access path of the API: the scope, then the order, then the unique last key.
CREATE INDEX builds_started ON builds (organization_id, (coalesce(started_at, recorded_at)), id);
CREATE INDEX builds_duration ON builds (organization_id, (coalesce(duration_ms, -1)), id);
CREATE INDEX builds_number ON builds (organization_id, (coalesce(number, -1)), id);
CREATE INDEX builds_repository_started ON builds (organization_id, repository_id, (coalesce(started_at, recorded_at)), id);
CREATE INDEX builds_repository_duration ON builds (organization_id, repository_id, (coalesce(duration_ms, -1)), id);
CREATE INDEX builds_repository_number ON builds (organization_id, repository_id, (coalesce(number, -1)), id);
CREATE INDEX builds_job ON builds (organization_id, job_name, (coalesce(started_at, recorded_at)), id);
CREATE INDEX builds_branch ON builds (organization_id, branch, (coalesce(started_at, recorded_at)), id);
CREATE INDEX builds_status ON builds (organization_id, status, (coalesce(started_at, recorded_at)), id);
CREATE INDEX builds_commit ON builds (organization_id, commit_sha, (coalesce(started_at, recorded_at)), id);
CREATE INDEX builds_pull_request ON builds (organization_id, pull_request, (coalesce(started_at, recorded_at)), id) WHERE pull_request IS NOT NULL;
CREATE INDEX builds_run ON builds (organization_id, external_run_id, (coalesce(started_at, recorded_at)), id);
CREATE INDEX builds_text ON builds USING gin (organization_id, (job_name || ' ' || coalesce(branch, '') || ' ' || coalesce(commit_sha, '')) gin_trgm_ops);

CREATE INDEX stages_recorded ON stages (organization_id, recorded_at, build_id, stage_order);
CREATE INDEX stages_duration ON stages (organization_id, (coalesce(duration_ms, -1)), build_id, stage_order);
CREATE INDEX stages_repository_recorded ON stages (organization_id, repository_id, recorded_at, build_id, stage_order);
CREATE INDEX stages_repository_duration ON stages (organization_id, repository_id, (coalesce(duration_ms, -1)), build_id, stage_order);
CREATE INDEX stages_name ON stages (organization_id, name, recorded_at, build_id, stage_order);
CREATE INDEX stages_status ON stages (organization_id, status, recorded_at, build_id, stage_order);

CREATE INDEX submissions_recorded ON submissions (organization_id, recorded_at, id);
CREATE INDEX submissions_repository_recorded ON submissions (organization_id, repository_id, recorded_at, id);
CREATE INDEX submissions_build_recorded ON submissions (organization_id, build_id, recorded_at, id);
CREATE INDEX submissions_commit ON submissions (organization_id, commit_sha, recorded_at, id);
CREATE INDEX submissions_build_url ON submissions (organization_id, build_url, recorded_at, id);
CREATE INDEX submissions_results ON submissions (organization_id, test_result_count, id);
CREATE INDEX submissions_repository_results ON submissions (organization_id, repository_id, test_result_count, id);
CREATE INDEX submissions_branch ON submissions (organization_id, branch, recorded_at, id);

CREATE INDEX invocations_recorded ON invocations (organization_id, recorded_at, id);
CREATE INDEX invocations_duration ON invocations (organization_id, (coalesce(duration_us, -1)), id);
CREATE INDEX invocations_repository_recorded ON invocations (organization_id, repository_id, recorded_at, id);
CREATE INDEX invocations_repository_duration ON invocations (organization_id, repository_id, (coalesce(duration_us, -1)), id);
CREATE INDEX invocations_commit ON invocations (organization_id, commit_sha, recorded_at, id);
CREATE INDEX invocations_branch ON invocations (organization_id, branch, recorded_at, id);
CREATE INDEX invocations_parent_run ON invocations (organization_id, parent_run_id, recorded_at, id);

CREATE INDEX test_cases_seen ON test_cases (organization_id, first_seen_at, id);
CREATE INDEX test_cases_name ON test_cases (organization_id, (left(name, 256)), id);
CREATE INDEX test_cases_repository_seen ON test_cases (organization_id, repository_id, first_seen_at, id);
CREATE INDEX test_cases_repository_name ON test_cases (organization_id, repository_id, (left(name, 256)), id);
CREATE INDEX test_cases_text ON test_cases USING gin (organization_id, (suite || ' ' || class_name || ' ' || name || ' ' || file) gin_trgm_ops);

CREATE INDEX test_results_duration ON test_results (organization_id, (coalesce(duration_us, -1)), id);
CREATE INDEX test_results_repository_duration ON test_results (organization_id, repository_id, (coalesce(duration_us, -1)), id);
CREATE INDEX test_results_repository ON test_results (organization_id, repository_id, recorded_at, id);
CREATE INDEX test_results_history ON test_results (organization_id, test_case_id, recorded_at, id);
CREATE INDEX test_results_build ON test_results (organization_id, build_id, recorded_at, id) WHERE build_id IS NOT NULL;
CREATE INDEX test_results_submission ON test_results (organization_id, submission_id, recorded_at, id) WHERE submission_id IS NOT NULL;
CREATE INDEX test_results_invocation ON test_results (organization_id, invocation_id, recorded_at, id) WHERE invocation_id IS NOT NULL;
CREATE INDEX test_results_commit ON test_results (organization_id, commit_sha, recorded_at, id) WHERE commit_sha IS NOT NULL;
-- Failures are rare: recent ones are found without reading what passed.
CREATE INDEX test_results_failed ON test_results (organization_id, repository_id, recorded_at, id) WHERE status IN ('FAILED', 'ERRORED');
-- Which tests failed, or passed, on one code state (flaky evidence).
CREATE INDEX test_results_state ON test_results (organization_id, code_state, status, test_case_id) WHERE code_state IS NOT NULL;

CREATE INDEX flaky_tests_evidence ON flaky_tests (organization_id, last_evidence_at, test_case_id);
CREATE INDEX flaky_tests_count ON flaky_tests (organization_id, evidence_count, test_case_id);
CREATE INDEX flaky_tests_repository_evidence ON flaky_tests (organization_id, repository_id, last_evidence_at, test_case_id);
CREATE INDEX flaky_tests_repository_count ON flaky_tests (organization_id, repository_id, evidence_count, test_case_id);

-- Months of test_results. What lies outside the months that have a partition goes to the default one,
-- so that a report with a date of long ago is kept without making a partition for it.
CREATE TABLE test_results_default PARTITION OF test_results DEFAULT;

-- Makes the partition for the month (UTC) of an instant, if there is none. Safe when called at once
-- by several gateways. Attaches a ready table: CREATE ... PARTITION OF would lock out all readers.
CREATE FUNCTION ensure_test_results_partition(instant timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  month timestamp := date_trunc('month', instant AT TIME ZONE 'UTC');
  partition text := 'test_results_' || to_char(month, 'YYYYMM');
BEGIN
  IF to_regclass(partition) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('ensure_test_results_partition'));
  -- to_regclass would answer from a cache that waiting for an advisory lock does not renew.
  PERFORM FROM pg_class
    WHERE relname = partition AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'test_results'::regclass);
  IF FOUND THEN RETURN; END IF;
  -- Attaching locks what results refer to. In the order in which writers do, else both wait for each other.
  LOCK TABLE repositories, builds, invocations, test_cases, submissions IN SHARE ROW EXCLUSIVE MODE;
  EXECUTE format('CREATE TABLE %I (LIKE test_results INCLUDING ALL)', partition);
  EXECUTE format('ALTER TABLE test_results ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
    partition, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
END $$;
