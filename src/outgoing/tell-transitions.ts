import { type DescribedTest, describedTests } from '../db/described-tests.ts';
import { enqueueOutgoing, type OutgoingEvent } from '../db/enqueue-outgoing.ts';
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
  if (tests.size === 0) return; // nobody wants to know
  await enqueueOutgoing(
    tx,
    organizationId,
    transitions.flatMap((transition) => toEvent(transition, tests.get(transition.testCaseId))),
  );
}

function toEvent(transition: ToldTransition, test: DescribedTest | undefined): OutgoingEvent[] {
  if (test === undefined) return [];
  const { id, repositoryId, at, since, before, after, rule, actor } = transition;
  const { repository, ...testCase } = test;
  const data = {
    repository: { id: repositoryId, name: repository },
    ...{ testCase, before, after, rule, actor },
    since: since.toISOString(),
  };
  const type = 'FLAKY_TEST_STATE_CHANGED';
  return [{ repositoryId, type, dedupeKey: `transition ${id}`, at, data }];
}
