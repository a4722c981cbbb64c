-- Which tests disrupted a build, and whether anything disrupted a submission that has none.
CREATE INDEX disruptions_build ON disruptions (organization_id, build_id, test_case_id) WHERE build_id IS NOT NULL;
CREATE INDEX disruptions_submission ON disruptions (organization_id, submission_id) WHERE build_id IS NULL;
