import type { Database } from '../src/db/client.ts';
import type { FlakyState } from '../src/db/generated/prisma/enums.ts';
import { query, sql } from '../src/db/sql.ts';

/** What the gateway holds of a test. */
export interface JudgedTest {
  readonly name: string;
  readonly state: FlakyState;
  /** Whether it passed and failed on one code state. */
  readonly isProven: boolean;
}

/** Gives the tests of a repository that something speaks against. */
export function judgedTests(
  { pool }: Pick<Database, 'pool'>,
  organizationId: string,
  repositoryId: string,
): Promise<JudgedTest[]> {
  return query<JudgedTest>(
    pool,
    sql`SELECT c.name, f.state, EXISTS (SELECT FROM flaky_evidence e WHERE e.organization_id = f.organization_id
        AND e.test_case_id = f.test_case_id AND e.kind <> 'SANDWICH') AS "isProven"
      FROM flaky_tests f JOIN test_cases c ON c.organization_id = f.organization_id AND c.id = f.test_case_id
      WHERE f.organization_id = ${organizationId}::uuid AND f.repository_id = ${repositoryId}::uuid`,
  );
}
