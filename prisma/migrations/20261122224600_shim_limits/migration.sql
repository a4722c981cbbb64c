-- The report before one of the same tool and branch. Both may have 512 characters of 4 bytes: two of them are more than
-- an index row may hold, their hashes are not.
DROP INDEX security_reports_of_tool;
CREATE INDEX security_reports_of_tool
  ON security_reports (organization_id, repository_id, md5(tool), md5(branch), recorded_at, id);
