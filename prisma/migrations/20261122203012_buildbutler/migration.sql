-- CreateEnum
CREATE TYPE "held_kind" AS ENUM ('STAGES', 'TEST_RESULTS', 'SECURITY_REPORT', 'LOG');

-- CreateEnum
CREATE TYPE "webhook_provider" AS ENUM ('GITHUB', 'GITLAB', 'BITBUCKET', 'BUILDKITE', 'CIRCLECI', 'AZURE', 'JENKINS', 'TEAMCITY');

-- CreateEnum
CREATE TYPE "webhook_delivery_status" AS ENUM ('RECEIVED', 'PROCESSED', 'IGNORED', 'FAILED');

-- DropIndex
DROP INDEX "agents_organization_id_instance_name_key";

-- AlterTable
ALTER TABLE "agents" ADD COLUMN     "server" TEXT NOT NULL DEFAULT '';
UPDATE agents SET server = instance;

-- AlterTable
ALTER TABLE "build_logs" ADD COLUMN     "member_lines" BIGINT[] DEFAULT ARRAY[]::BIGINT[],
ADD COLUMN     "member_offsets" BIGINT[] DEFAULT ARRAY[]::BIGINT[],
ADD COLUMN     "member_positions" BIGINT[] DEFAULT ARRAY[]::BIGINT[],
ADD COLUMN     "stored_bytes" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "builds" ADD COLUMN     "is_concluded" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "server" TEXT,
ADD COLUMN     "source_raw" TEXT;

-- AlterTable
ALTER TABLE "stages" ADD COLUMN     "attempt" INTEGER,
ADD COLUMN     "external_id" TEXT,
ADD COLUMN     "group_name" TEXT,
ADD COLUMN     "is_ranked" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "key" TEXT,
ADD COLUMN     "steps" JSONB NOT NULL DEFAULT '[]';
-- As stageKey() in src/domain makes it.
UPDATE stages SET key = left(encode(sha256(convert_to('5:place' || length(stage_order::text) || ':' || stage_order
  || length(name) || ':' || name, 'UTF8')), 'hex'), 24);
ALTER TABLE "stages" ALTER COLUMN "key" SET NOT NULL, DROP CONSTRAINT "stages_pkey",
ADD CONSTRAINT "stages_pkey" PRIMARY KEY ("organization_id", "build_id", "key");

-- CreateTable
CREATE TABLE "held_messages" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "build_id" UUID NOT NULL,
    "kind" "held_kind" NOT NULL,
    "content" BYTEA NOT NULL,
    "digest" BYTEA NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "held_messages_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "loose_blobs" (
    "organization_id" UUID NOT NULL,
    "blob_key" TEXT NOT NULL,
    "remove_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "loose_blobs_pkey" PRIMARY KEY ("organization_id","blob_key")
);

-- CreateTable
CREATE TABLE "build_log_sections" (
    "organization_id" UUID NOT NULL,
    "build_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "byte_offset" BIGINT NOT NULL,
    "line_number" BIGINT NOT NULL,
    "size_bytes" BIGINT NOT NULL,

    CONSTRAINT "build_log_sections_pkey" PRIMARY KEY ("organization_id","build_id","position")
);

-- CreateTable
CREATE TABLE "agent_snapshots" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "instance" TEXT NOT NULL,
    "server" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "agents" JSONB NOT NULL,
    "queue_items" JSONB,
    "queue_length" INTEGER,
    "busy_count" INTEGER NOT NULL,
    "idle_count" INTEGER NOT NULL,
    "offline_count" INTEGER NOT NULL,

    CONSTRAINT "agent_snapshots_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "webhook_sources" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "provider" "webhook_provider" NOT NULL,
    "name" TEXT NOT NULL,
    "sealed_secret" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_sources_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "provider" "webhook_provider" NOT NULL,
    "source_id" UUID,
    "delivery_key" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "headers" JSONB NOT NULL DEFAULT '{}',
    "body" BYTEA NOT NULL,
    "status" "webhook_delivery_status" NOT NULL,
    "reason" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "processed_at" TIMESTAMPTZ(3),
    "build_id" UUID,

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateIndex
CREATE INDEX "held_messages_organization_id_received_at_idx" ON "held_messages"("organization_id", "received_at");

-- CreateIndex
CREATE UNIQUE INDEX "held_messages_organization_id_build_id_digest_key" ON "held_messages"("organization_id", "build_id", "digest");

-- CreateIndex
CREATE INDEX "agent_snapshots_organization_id_server_recorded_at_id_idx" ON "agent_snapshots"("organization_id", "server", "recorded_at", "id");

-- CreateIndex
CREATE INDEX "agent_snapshots_organization_id_recorded_at_id_idx" ON "agent_snapshots"("organization_id", "recorded_at", "id");

-- CreateIndex
CREATE INDEX "webhook_sources_organization_id_created_at_id_idx" ON "webhook_sources"("organization_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "webhook_deliveries_organization_id_received_at_id_idx" ON "webhook_deliveries"("organization_id", "received_at", "id");

-- CreateIndex
CREATE INDEX "webhook_deliveries_organization_id_source_id_received_at_id_idx" ON "webhook_deliveries"("organization_id", "source_id", "received_at", "id");

-- CreateIndex
CREATE INDEX "webhook_deliveries_organization_id_build_id_received_at_id_idx" ON "webhook_deliveries"("organization_id", "build_id", "received_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_deliveries_organization_id_provider_delivery_key_key" ON "webhook_deliveries"("organization_id", "provider", "delivery_key");

-- CreateIndex
CREATE UNIQUE INDEX "agents_organization_id_server_name_key" ON "agents"("organization_id", "server", "name");

-- AddForeignKey
ALTER TABLE "held_messages" ADD CONSTRAINT "held_messages_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "loose_blobs" ADD CONSTRAINT "loose_blobs_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "build_log_sections" ADD CONSTRAINT "build_log_sections_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "build_log_sections" ADD CONSTRAINT "build_log_sections_organization_id_build_id_fkey" FOREIGN KEY ("organization_id", "build_id") REFERENCES "build_logs"("organization_id", "build_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_snapshots" ADD CONSTRAINT "agent_snapshots_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_sources" ADD CONSTRAINT "webhook_sources_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_organization_id_source_id_fkey" FOREIGN KEY ("organization_id", "source_id") REFERENCES "webhook_sources"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_organization_id_build_id_fkey" FOREIGN KEY ("organization_id", "build_id") REFERENCES "builds"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ------------------------------------------------------------------ what Prisma cannot say

ALTER TABLE stages ADD CONSTRAINT stages_attempt_check CHECK (attempt >= 1);
ALTER TABLE build_log_sections ADD CONSTRAINT build_log_sections_place_check
  CHECK (position >= 0 AND byte_offset >= 0 AND line_number >= 0 AND size_bytes >= 0);
ALTER TABLE build_logs ADD CONSTRAINT build_logs_members_check
  CHECK (cardinality(member_offsets) = cardinality(member_positions) AND cardinality(member_offsets) = cardinality(member_lines));
ALTER TABLE agent_snapshots ADD CONSTRAINT agent_snapshots_counts_check
  CHECK (queue_length >= 0 AND busy_count >= 0 AND idle_count >= 0 AND offline_count >= 0);
ALTER TABLE webhook_deliveries ADD CONSTRAINT webhook_deliveries_attempts_check CHECK (attempts >= 0);

-- Orders of lists of stages; their key comes last now.
DROP INDEX stages_recorded, stages_duration, stages_repository_recorded, stages_repository_duration, stages_name, stages_status;
CREATE INDEX stages_recorded ON stages (organization_id, recorded_at, build_id, stage_order, key);
CREATE INDEX stages_duration ON stages (organization_id, (coalesce(duration_ms, -1)), build_id, stage_order, key);
CREATE INDEX stages_repository_recorded ON stages (organization_id, repository_id, recorded_at, build_id, stage_order, key);
CREATE INDEX stages_repository_duration ON stages (organization_id, repository_id, (coalesce(duration_ms, -1)), build_id, stage_order, key);
CREATE INDEX stages_name ON stages (organization_id, name, recorded_at, build_id, stage_order, key);
CREATE INDEX stages_status ON stages (organization_id, status, recorded_at, build_id, stage_order, key);
CREATE INDEX stages_in_build ON stages (organization_id, build_id, stage_order, key);
-- The report before one of the same tool and branch.
CREATE INDEX security_reports_of_tool ON security_reports (organization_id, repository_id, tool, branch, recorded_at, id);
-- Deliveries that nobody has read yet.
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (organization_id, received_at) WHERE status = 'RECEIVED';
