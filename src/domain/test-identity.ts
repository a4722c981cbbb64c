import type { NameFoldingRule } from '../db/generated/prisma/enums.ts';
import { foldName } from './fold-name.ts';
import { hashId } from './object-id.ts';

/** What tells a test case from the others of its repository. Empty where a report says nothing. */
export interface TestIdentity {
  readonly suite: string;
  readonly className: string;
  readonly name: string;
  readonly file: string;
  readonly variant: string;
}

/** Gives the identity without the volatile parts of its names; the very same object when it has none. */
export function foldIdentity<Identity extends TestIdentity>(
  identity: Identity,
  rules: readonly NameFoldingRule[],
): Identity {
  const suite = foldName(identity.suite, rules);
  const className = foldName(identity.className, rules);
  const name = foldName(identity.name, rules);
  const isSame =
    suite === identity.suite && className === identity.className && name === identity.name;
  return isSame ? identity : { ...identity, suite, className, name };
}

/** Gives the 24 hex digits of the test case with this identity. */
export function testCaseId(
  repositoryId: string,
  { suite, className, name, file, variant }: TestIdentity,
): string {
  return hashId([repositoryId, suite, className, name, file, variant]);
}
