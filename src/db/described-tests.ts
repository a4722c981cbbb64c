import { type Queryable, query, sql } from './sql.ts';

/** A test as webhooks name it. */
export interface DescribedTest {
  readonly id: string;
  readonly suite: string;
  readonly className: string;
  readonly name: string;
  readonly file: string;
  readonly variant: string;
  /** `owner/name`. */
  readonly repository: string;
}

/** The tests by their ids; none where no endpoint listens. */
export async function describedTests(
  tx: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, DescribedTest>> {
  const found = await query<DescribedTest>(
    tx,
    sql`SELECT c.id, c.suite, c.class_name AS "className", c.name, c.file, c.variant,
        r.owner || '/' || r.name AS repository
      FROM test_cases c JOIN repositories r ON r.organization_id = c.organization_id AND r.id = c.repository_id
      WHERE c.organization_id = ${organizationId}::uuid AND c.id = ANY (${ids}::text[])
        AND EXISTS (SELECT FROM outgoing_endpoints e
          WHERE e.organization_id = ${organizationId}::uuid AND e.disabled_at IS NULL)`,
  );
  return new Map(found.map((test) => [test.id, test]));
}
