-- CreateEnum
CREATE TYPE "webhook_event" AS ENUM ('FLAKY_TEST_STATE_CHANGED', 'QUARANTINE_CREATED', 'QUARANTINE_REMOVED', 'QUARANTINE_EXPIRED');

-- CreateEnum
CREATE TYPE "outgoing_message_status" AS ENUM ('PENDING', 'DELIVERED', 'FAILED');

-- CreateTable
CREATE TABLE "outgoing_endpoints" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "repository_id" UUID,
    "url" TEXT NOT NULL,
    "events" "webhook_event"[],
    "sealed_secret" BYTEA NOT NULL,
    "sealed_previous_secret" BYTEA,
    "previous_secret_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "failing_since" TIMESTAMPTZ(3),
    "disabled_at" TIMESTAMPTZ(3),
    "disabled_reason" TEXT,

    CONSTRAINT "outgoing_endpoints_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "outgoing_messages" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "event" TEXT NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "status" "outgoing_message_status" NOT NULL DEFAULT 'PENDING',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outgoing_messages_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "outgoing_deliveries" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "event" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "succeeded" BOOLEAN NOT NULL,
    "status_code" INTEGER,
    "answer" TEXT,
    "error" TEXT,

    CONSTRAINT "outgoing_deliveries_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateIndex
CREATE INDEX "outgoing_endpoints_organization_id_created_at_id_idx" ON "outgoing_endpoints"("organization_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "outgoing_messages_organization_id_created_at_idx" ON "outgoing_messages"("organization_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "outgoing_messages_organization_id_endpoint_id_dedupe_key_key" ON "outgoing_messages"("organization_id", "endpoint_id", "dedupe_key");

-- CreateIndex
CREATE INDEX "outgoing_deliveries_organization_id_endpoint_id_sent_at_id_idx" ON "outgoing_deliveries"("organization_id", "endpoint_id", "sent_at", "id");

-- CreateIndex
CREATE INDEX "outgoing_deliveries_organization_id_message_id_idx" ON "outgoing_deliveries"("organization_id", "message_id");

-- AddForeignKey
ALTER TABLE "outgoing_endpoints" ADD CONSTRAINT "outgoing_endpoints_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outgoing_endpoints" ADD CONSTRAINT "outgoing_endpoints_organization_id_repository_id_fkey" FOREIGN KEY ("organization_id", "repository_id") REFERENCES "repositories"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outgoing_messages" ADD CONSTRAINT "outgoing_messages_organization_id_endpoint_id_fkey" FOREIGN KEY ("organization_id", "endpoint_id") REFERENCES "outgoing_endpoints"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outgoing_deliveries" ADD CONSTRAINT "outgoing_deliveries_organization_id_message_id_fkey" FOREIGN KEY ("organization_id", "message_id") REFERENCES "outgoing_messages"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE outgoing_endpoints ADD CONSTRAINT outgoing_endpoints_check CHECK (
  url <> '' AND events IS NOT NULL AND cardinality(events) > 0
  AND (sealed_previous_secret IS NULL) = (previous_secret_until IS NULL)
  AND (disabled_at IS NULL) = (disabled_reason IS NULL));
ALTER TABLE outgoing_messages ADD CONSTRAINT outgoing_messages_check CHECK (
  attempts >= 0 AND (status = 'PENDING') = (next_attempt_at IS NOT NULL));
ALTER TABLE outgoing_deliveries ADD CONSTRAINT outgoing_deliveries_check CHECK (
  attempt > 0 AND duration_ms >= 0 AND char_length(answer) <= 1000 AND succeeded = (error IS NULL));

-- Messages that are due.
CREATE INDEX outgoing_messages_due ON outgoing_messages (organization_id, next_attempt_at) WHERE status = 'PENDING';
