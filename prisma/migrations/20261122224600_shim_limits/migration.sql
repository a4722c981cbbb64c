-- AlterTable
ALTER TABLE "builds" ADD COLUMN     "agent_is_built_in" BOOLEAN;

-- CreateIndex
CREATE INDEX "agents_organization_id_server_last_seen_at_idx" ON "agents"("organization_id", "server", "last_seen_at");

-- ------------------------------------------------------------------ what Prisma cannot say

-- The report before one of the same tool and branch. Both may have 512 characters of 4 bytes: two of them are more than
-- an index row may hold, their hashes are not.
DROP INDEX security_reports_of_tool;
CREATE INDEX security_reports_of_tool
  ON security_reports (organization_id, repository_id, md5(tool), md5(branch), recorded_at, id);
