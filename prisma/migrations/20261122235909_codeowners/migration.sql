-- CreateEnum
CREATE TYPE "codeowners_dialect" AS ENUM ('GITHUB', 'GITLAB');

-- CreateTable
CREATE TABLE "codeowners_files" (
    "organization_id" UUID NOT NULL,
    "digest" BYTEA NOT NULL,
    "dialect" "codeowners_dialect" NOT NULL,
    "content" TEXT NOT NULL,
    "rule_count" INTEGER NOT NULL,
    "problems" JSONB NOT NULL,
    "problem_count" INTEGER NOT NULL,

    CONSTRAINT "codeowners_files_pkey" PRIMARY KEY ("organization_id","digest")
);

-- CreateTable
CREATE TABLE "codeowners_versions" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "repository_id" UUID NOT NULL,
    "commit_sha" TEXT,
    "path" TEXT,
    "digest" BYTEA NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "codeowners_versions_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "test_owners" (
    "organization_id" UUID NOT NULL,
    "test_case_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "position" SMALLINT NOT NULL,

    CONSTRAINT "test_owners_pkey" PRIMARY KEY ("organization_id","test_case_id","key")
);

-- CreateTable
CREATE TABLE "owner_sweeps" (
    "organization_id" UUID NOT NULL,
    "repository_id" UUID NOT NULL,
    "digest" BYTEA,
    "swept_name" TEXT,
    "swept_id" TEXT,

    CONSTRAINT "owner_sweeps_pkey" PRIMARY KEY ("organization_id","repository_id")
);

-- CreateTable
CREATE TABLE "unowned_tests" (
    "organization_id" UUID NOT NULL,
    "repository_id" UUID NOT NULL,
    "test_case_id" TEXT NOT NULL,

    CONSTRAINT "unowned_tests_pkey" PRIMARY KEY ("organization_id","repository_id","test_case_id")
);

-- CreateIndex
CREATE INDEX "codeowners_versions_organization_id_repository_id_recorded__idx" ON "codeowners_versions"("organization_id", "repository_id", "recorded_at", "id");

-- CreateIndex
CREATE INDEX "codeowners_versions_organization_id_digest_idx" ON "codeowners_versions"("organization_id", "digest");

-- CreateIndex
CREATE UNIQUE INDEX "codeowners_versions_organization_id_repository_id_commit_sh_key" ON "codeowners_versions"("organization_id", "repository_id", "commit_sha");

-- CreateIndex
CREATE INDEX "test_owners_organization_id_key_test_case_id_idx" ON "test_owners"("organization_id", "key", "test_case_id");

-- CreateIndex
CREATE INDEX "unowned_tests_organization_id_test_case_id_idx" ON "unowned_tests"("organization_id", "test_case_id");

-- AddForeignKey
ALTER TABLE "codeowners_files" ADD CONSTRAINT "codeowners_files_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "codeowners_versions" ADD CONSTRAINT "codeowners_versions_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "codeowners_versions" ADD CONSTRAINT "codeowners_versions_organization_id_digest_fkey" FOREIGN KEY ("organization_id", "digest") REFERENCES "codeowners_files"("organization_id", "digest") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_owners" ADD CONSTRAINT "test_owners_organization_id_test_case_id_fkey" FOREIGN KEY ("organization_id", "test_case_id") REFERENCES "test_cases"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "owner_sweeps" ADD CONSTRAINT "owner_sweeps_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unowned_tests" ADD CONSTRAINT "unowned_tests_organization_id_test_case_id_fkey" FOREIGN KEY ("organization_id", "test_case_id") REFERENCES "test_cases"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE codeowners_files ADD CONSTRAINT codeowners_files_check CHECK (
  octet_length(digest) = 32 AND rule_count >= 0 AND problem_count >= 0);
ALTER TABLE test_owners ADD CONSTRAINT test_owners_check CHECK (key <> '' AND owner <> '' AND position >= 0);
ALTER TABLE owner_sweeps ADD CONSTRAINT owner_sweeps_check CHECK (num_nulls(swept_name, swept_id) <> 1);
