-- CreateEnum
CREATE TYPE "quarantine_mode" AS ENUM ('MUTE', 'SKIP', 'NEVER');

-- CreateEnum
CREATE TYPE "quarantine_change" AS ENUM ('CREATED', 'CHANGED', 'REMOVED', 'EXPIRED');

-- CreateTable
CREATE TABLE "quarantines" (
    "organization_id" UUID NOT NULL,
    "test_case_id" TEXT NOT NULL,
    "repository_id" UUID NOT NULL,
    "mode" "quarantine_mode" NOT NULL,
    "is_automatic" BOOLEAN NOT NULL DEFAULT false,
    "reason" TEXT,
    "owner" TEXT,
    "actor" TEXT,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "quarantines_pkey" PRIMARY KEY ("organization_id","test_case_id")
);

-- CreateTable
CREATE TABLE "quarantine_events" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "test_case_id" TEXT NOT NULL,
    "repository_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "change" "quarantine_change" NOT NULL,
    "actor" TEXT,
    "before_mode" "quarantine_mode",
    "before_reason" TEXT,
    "before_owner" TEXT,
    "before_expires_at" TIMESTAMPTZ(3),
    "after_mode" "quarantine_mode",
    "after_reason" TEXT,
    "after_owner" TEXT,
    "after_expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "quarantine_events_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "quarantine_revisions" (
    "organization_id" UUID NOT NULL,
    "repository_id" UUID NOT NULL,
    "revision" BIGINT NOT NULL,

    CONSTRAINT "quarantine_revisions_pkey" PRIMARY KEY ("organization_id","repository_id")
);

-- CreateTable
CREATE TABLE "test_tags" (
    "organization_id" UUID NOT NULL,
    "test_case_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "tag" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "tagged_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "test_tags_pkey" PRIMARY KEY ("organization_id","test_case_id","key")
);

-- CreateTable
CREATE TABLE "excluded_results" (
    "organization_id" UUID NOT NULL,
    "result_id" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "excluded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "excluded_results_pkey" PRIMARY KEY ("organization_id","result_id")
);

-- CreateIndex
CREATE INDEX "quarantines_organization_id_since_test_case_id_idx" ON "quarantines"("organization_id", "since", "test_case_id");

-- CreateIndex
CREATE INDEX "quarantines_organization_id_repository_id_since_test_case_i_idx" ON "quarantines"("organization_id", "repository_id", "since", "test_case_id");

-- CreateIndex
CREATE INDEX "quarantine_events_organization_id_test_case_id_at_id_idx" ON "quarantine_events"("organization_id", "test_case_id", "at", "id");

-- CreateIndex
CREATE INDEX "test_tags_organization_id_key_test_case_id_idx" ON "test_tags"("organization_id", "key", "test_case_id");

-- AddForeignKey
ALTER TABLE "quarantines" ADD CONSTRAINT "quarantines_organization_id_test_case_id_fkey" FOREIGN KEY ("organization_id", "test_case_id") REFERENCES "test_cases"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quarantine_events" ADD CONSTRAINT "quarantine_events_organization_id_test_case_id_fkey" FOREIGN KEY ("organization_id", "test_case_id") REFERENCES "test_cases"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quarantine_revisions" ADD CONSTRAINT "quarantine_revisions_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "test_tags" ADD CONSTRAINT "test_tags_organization_id_test_case_id_fkey" FOREIGN KEY ("organization_id", "test_case_id") REFERENCES "test_cases"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "excluded_results" ADD CONSTRAINT "excluded_results_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE quarantines ADD CONSTRAINT quarantines_check CHECK (
  expires_at > since AND (NOT is_automatic OR (mode = 'MUTE' AND actor IS NULL)));
ALTER TABLE quarantine_events ADD CONSTRAINT quarantine_events_check CHECK (
  CASE change WHEN 'CREATED' THEN before_mode IS NULL AND after_mode IS NOT NULL
    WHEN 'CHANGED' THEN before_mode IS NOT NULL AND after_mode IS NOT NULL
    ELSE before_mode IS NOT NULL AND after_mode IS NULL END);
ALTER TABLE test_tags ADD CONSTRAINT test_tags_check CHECK (tag <> '' AND key <> '' AND char_length(tag) <= 64);

-- Which quarantines are over, and when the last of a repository was.
CREATE INDEX quarantines_expiry ON quarantines (organization_id, expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX quarantines_repository_expiry ON quarantines (organization_id, repository_id, expires_at) WHERE expires_at IS NOT NULL;
-- Those that the rule looks at again and again.
CREATE INDEX quarantines_automatic ON quarantines (organization_id, test_case_id) WHERE is_automatic;

-- What anybody is shown: a quarantine is over when its time is, not when the next sweep comes.
CREATE VIEW live_quarantines AS SELECT * FROM quarantines WHERE expires_at IS NULL OR expires_at > now();
