import { describedTests } from '../db/described-tests.ts';
import { enqueueOutgoing } from '../db/enqueue-outgoing.ts';
import type { FlakyTestChange } from '../db/notify-flaky-test.ts';
import type { Queryable } from '../db/sql.ts';

/** A change of a test's state, as the log of them has it. */
export interface ToldTransition extends FlakyTestChange {
  readonly id: string;
  readonly at: Date;
  readonly since: Date;
  readonly actor: string | null;
}

/** Has endpoints told of changes of tests of one organization, when and only if the transaction commits. */
export async function tellTransitions(
  tx: Queryable,
  organizationId: string,
  transitions: readonly ToldTransition[],
): Promise<void> {
  if (transitions.length === 0) return;
  const tests = await describedTests(
    tx,
    organizationId,
    transitions.map(({ testCaseId }) => testCaseId),
  );
  for (const transition of transitions) {
    const { id, repositoryId, testCaseId, at, since, before, after, rule, actor } = transition;
    const test = tests.get(testCaseId);
    if (test === undefined) continue; // nobody wants to know
    const { repository, ...testCase } = test;
    await enqueueOutgoing(tx, {
      organizationId,
      repositoryId,
      type: 'FLAKY_TEST_STATE_CHANGED',
      dedupeKey: `transition ${id}`,
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
