/**
 * Names of the locks that verbs take, in the order in which one transaction takes them: two that keep to it
 * never wait for each other. Rows come after the names above them: parents, test cases by id, results by time
 * and id.
 */

/** Who reports a build under this id or key; all of them are taken at once, before rows. */
export function buildLock(organizationId: string, name: string): string {
  return `build ${organizationId} ${name}`;
}

/** Which test case a result is of. Shared by whoever writes results, held alone by who merges test cases. */
export function identityLock(organizationId: string, repositoryId: string): string {
  return `identity ${organizationId} ${repositoryId}`;
}

/** Shared by whoever writes results of the submission, held alone by who records it. */
export function submissionLock(organizationId: string, repositoryId: string, key: string): string {
  return `submission ${organizationId} ${repositoryId} ${key}`;
}

/**
 * What results take from a build or an invocation. Shared by whoever takes it, held alone by who changes it: so
 * either the results have the new facts, or who passes them on sees the results.
 */
export function factsLock(organizationId: string, parentId: string): string {
  return `facts ${organizationId} ${parentId}`;
}
