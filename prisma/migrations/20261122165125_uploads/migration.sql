-- CreateEnum
CREATE TYPE "name_folding_rule" AS ENUM ('SEEDS', 'PORTS', 'DATES', 'UUIDS', 'TEMP_PATHS', 'HEX_ADDRESSES');

-- CreateEnum
CREATE TYPE "submission_kind" AS ENUM ('TEST_RESULTS', 'COVERAGE', 'SECURITY');

-- CreateEnum
CREATE TYPE "finding_severity" AS ENUM ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFO');

-- AlterTable
ALTER TABLE "repositories" ADD COLUMN     "name_folding" "name_folding_rule"[] DEFAULT ARRAY[]::"name_folding_rule"[];

-- AlterTable
ALTER TABLE "security_reports" ADD COLUMN     "branch" TEXT,
ADD COLUMN     "commit_sha" TEXT,
ADD COLUMN     "submission_id" TEXT;

-- AlterTable
ALTER TABLE "submissions" ADD COLUMN     "kind" "submission_kind" NOT NULL DEFAULT 'TEST_RESULTS',
ADD COLUMN     "options" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "raw_expires_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "test_results" ADD COLUMN     "failure_type" TEXT,
ADD COLUMN     "line" INTEGER,
ADD COLUMN     "output" TEXT,
ADD COLUMN     "properties" JSONB,
ADD COLUMN     "reported_test_case_id" TEXT;

-- CreateTable
CREATE TABLE "report_files" (
    "organization_id" UUID NOT NULL,
    "submission_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "format" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "accepted" INTEGER NOT NULL DEFAULT 0,
    "duplicates" INTEGER NOT NULL DEFAULT 0,
    "rejected_count" INTEGER NOT NULL DEFAULT 0,
    "rejects" JSONB NOT NULL DEFAULT '[]',
    "warning_count" INTEGER NOT NULL DEFAULT 0,
    "warnings" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "problem" TEXT,

    CONSTRAINT "report_files_pkey" PRIMARY KEY ("organization_id","submission_id","position")
);

-- CreateTable
CREATE TABLE "raw_files" (
    "organization_id" UUID NOT NULL,
    "submission_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "blob_key" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,

    CONSTRAINT "raw_files_pkey" PRIMARY KEY ("organization_id","submission_id","position")
);

-- CreateTable
CREATE TABLE "test_case_aliases" (
    "organization_id" UUID NOT NULL,
    "alias_id" TEXT NOT NULL,
    "test_case_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "test_case_aliases_pkey" PRIMARY KEY ("organization_id","alias_id")
);

-- CreateTable
CREATE TABLE "coverage_files" (
    "organization_id" UUID NOT NULL,
    "report_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "path" TEXT NOT NULL,
    "covered_lines" INTEGER NOT NULL,
    "coverable_lines" INTEGER NOT NULL,

    CONSTRAINT "coverage_files_pkey" PRIMARY KEY ("organization_id","report_id","position")
);

-- CreateTable
CREATE TABLE "security_findings" (
    "organization_id" UUID NOT NULL,
    "report_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "rule_id" TEXT NOT NULL,
    "severity" "finding_severity" NOT NULL,
    "severity_raw" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "file" TEXT,
    "line" INTEGER,
    "package_name" TEXT,
    "package_version" TEXT,
    "fixed_version" TEXT,
    "fingerprint" TEXT NOT NULL,
    "is_suppressed" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "security_findings_pkey" PRIMARY KEY ("organization_id","report_id","position")
);

-- CreateIndex
CREATE INDEX "test_case_aliases_organization_id_test_case_id_created_at_a_idx" ON "test_case_aliases"("organization_id", "test_case_id", "created_at", "alias_id");

-- CreateIndex
CREATE INDEX "security_findings_organization_id_report_id_severity_positi_idx" ON "security_findings"("organization_id", "report_id", "severity", "position");

-- CreateIndex
CREATE INDEX "security_findings_organization_id_report_id_fingerprint_idx" ON "security_findings"("organization_id", "report_id", "fingerprint");

-- CreateIndex
CREATE INDEX "security_reports_organization_id_submission_id_recorded_at__idx" ON "security_reports"("organization_id", "submission_id", "recorded_at", "id");

-- AddForeignKey
ALTER TABLE "report_files" ADD CONSTRAINT "report_files_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "report_files" ADD CONSTRAINT "report_files_organization_id_submission_id_fkey" FOREIGN KEY ("organization_id", "submission_id") REFERENCES "submissions"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "raw_files" ADD CONSTRAINT "raw_files_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "raw_files" ADD CONSTRAINT "raw_files_organization_id_submission_id_fkey" FOREIGN KEY ("organization_id", "submission_id") REFERENCES "submissions"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_case_aliases" ADD CONSTRAINT "test_case_aliases_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_case_aliases" ADD CONSTRAINT "test_case_aliases_organization_id_alias_id_fkey" FOREIGN KEY ("organization_id", "alias_id") REFERENCES "test_cases"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_case_aliases" ADD CONSTRAINT "test_case_aliases_organization_id_test_case_id_fkey" FOREIGN KEY ("organization_id", "test_case_id") REFERENCES "test_cases"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage_files" ADD CONSTRAINT "coverage_files_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "coverage_files" ADD CONSTRAINT "coverage_files_organization_id_report_id_fkey" FOREIGN KEY ("organization_id", "report_id") REFERENCES "coverage_reports"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "security_reports" ADD CONSTRAINT "security_reports_organization_id_submission_id_fkey" FOREIGN KEY ("organization_id", "submission_id") REFERENCES "submissions"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "security_findings" ADD CONSTRAINT "security_findings_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "security_findings" ADD CONSTRAINT "security_findings_organization_id_report_id_fkey" FOREIGN KEY ("organization_id", "report_id") REFERENCES "security_reports"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ------------------------------------------------------------------ what Prisma cannot say

ALTER TABLE report_files ADD CONSTRAINT report_files_counts_check
  CHECK (position >= 0 AND attempts >= 0 AND accepted >= 0 AND duplicates >= 0 AND rejected_count >= 0 AND warning_count >= 0);
ALTER TABLE raw_files ADD CONSTRAINT raw_files_size_check CHECK (position >= 0 AND size_bytes >= 0);
ALTER TABLE test_case_aliases ADD CONSTRAINT test_case_aliases_other_check CHECK (alias_id <> test_case_id);
ALTER TABLE coverage_files ADD CONSTRAINT coverage_files_lines_check
  CHECK (position >= 0 AND covered_lines BETWEEN 0 AND coverable_lines);
ALTER TABLE security_findings ADD CONSTRAINT security_findings_place_check CHECK (position >= 0 AND line >= 0);

-- Results whose test case was merged into another one, or whose name was folded.
CREATE INDEX test_results_reported ON test_results (organization_id, reported_test_case_id) WHERE reported_test_case_id IS NOT NULL;
-- The build of a web page. A hash: addresses may be longer than an index row.
CREATE INDEX builds_page ON builds (organization_id, md5(url)) WHERE url IS NOT NULL;
-- Uploads that a dead gateway left half done, and those whose raw files are due.
CREATE INDEX submissions_processing ON submissions (organization_id, created_at) WHERE status = 'PROCESSING';
CREATE INDEX submissions_raw_expires ON submissions (organization_id, raw_expires_at) WHERE raw_expires_at IS NOT NULL;
