import { shareNames } from '../db/lock.ts';
import type { Queryable } from '../db/sql.ts';
import { findParents, type ParentReferences, type ResultParents } from './find-parents.ts';
import { factsLock, identityLock, submissionLock } from './lock-order.ts';

/**
 * Reads the parents again, now that results are to be written: until the transaction ends they learn nothing, and
 * their repository's test cases stay apart or merged as they are. Who passes on facts later sees the results.
 *
 * @param found the parents as they were read before
 * @throws {NotFoundError} if one is not there
 * @throws {ValidationError} if no repository is known, or another than the parent's is named
 */
export async function takeParents(
  tx: Queryable,
  named: ParentReferences,
  found: ResultParents,
): Promise<ResultParents> {
  await shareNames(tx, locksOf(found));
  const parents = await findParents(tx, found.organizationId, named);
  const isSame = locksOf(parents).every((lock, index) => lock === locksOf(found)[index]);
  // They learnt their build or repository just before: that one is to be held too, and nothing goes back.
  return isSame ? parents : takeParents(tx, named, parents);
}

function locksOf({
  organizationId,
  repositoryId,
  submission,
  build,
  invocation,
}: ResultParents): string[] {
  const sources = [submission?.buildId, build?.id, invocation?.id];
  return [
    identityLock(organizationId, repositoryId),
    ...(submission === null
      ? []
      : [submissionLock(organizationId, submission.repositoryId, submission.key)]),
    ...sources.flatMap((id) => (id == null ? [] : [factsLock(organizationId, id)])),
  ];
}
