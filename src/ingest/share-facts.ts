import { shareNames } from '../db/lock.ts';
import type { Queryable } from '../db/sql.ts';
import type { ResultParents } from './find-parents.ts';
import { factsLock, submissionLock } from './lock-order.ts';

/** What the submission and the build learn until this transaction ends reaches what it writes from there. */
export async function shareFacts(
  tx: Queryable,
  {
    organizationId,
    build,
    submission,
  }: Pick<ResultParents, 'organizationId' | 'build' | 'submission'>,
): Promise<void> {
  await shareNames(tx, [
    ...(submission === null
      ? []
      : [submissionLock(organizationId, submission.repositoryId, submission.key)]),
    ...(build === null ? [] : [factsLock(organizationId, build.id)]),
  ]);
}
