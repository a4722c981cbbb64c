import { enqueueOutgoing } from '../db/enqueue-outgoing.ts';
import type { FlakyTestChange } from '../db/notify-flaky-test.ts';
import { type Queryable, query, sql } from '../db/sql.ts';

/** A change of a test's state, as the log of them has it. */
export interface ToldTransition extends FlakyTestChange {
  readonly id: string;
  readonly at: Date;
  readonly since: Date;
  readonly actor: string | null;
}

interface NamedTest {
  readonly id: string;
  readonly suite: string;
  readonly className: string;
  readonly name: string;
  readonly file: string;
  readonly repository: string;
}

/** Has endpoints told of changes of tests of one organization, when and only if the transaction commits. */
export async function tellTransitions(
  tx: Queryable,
  organizationId: string,
  transitions: readonly ToldTransition[],
): Promise<void> {
  if (transitions.length === 0) return;
  const tests = await testsOf(
    tx,
    organizationId,
    transitions.map(({ testCaseId }) => testCaseId),
  );
  for (const transition of transitions) {
    const { id, repositoryId, testCaseId, at, since, before, after, rule, actor } = transition;
    const test = tests.get(testCaseId);
    if (test === undefined) throw new Error(`there is no test case ${testCaseId}`);
    const { repository, ...testCase } = test;
    await enqueueOutgoing(tx, {
      organizationId,
      repositoryId,
      type: 'FLAKY_TEST_STATE_CHANGED',
      dedupeKey: `transition:${id}`,
      at,
      data: {
        repository: { id: repositoryId, name: repository },
        testCase,
        before,
        after,
        rule,
        actor,
        since: since.toISOString(),
      },
    });
  }
}

/** Gives tests by their ids. */
async function testsOf(
  tx: Queryable,
  organizationId: string,
  testCaseIds: readonly string[],
): Promise<ReadonlyMap<string, NamedTest>> {
  const found = await query<NamedTest>(
    tx,
    sql`SELECT c.id, c.suite, c.class_name AS "className", c.name, c.file, r.owner || '/' || r.name AS repository
      FROM test_cases c JOIN repositories r ON r.organization_id = c.organization_id AND r.id = c.repository_id
      WHERE c.organization_id = ${organizationId}::uuid AND c.id = ANY (${testCaseIds}::text[])`,
  );
  return new Map(found.map((test) => [test.id, test]));
}
