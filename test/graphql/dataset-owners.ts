import type * as Rows from '../../src/db/generated/prisma/client.ts';
import { ownerKey } from '../../src/domain/codeowners-words.ts';
import { cycle, lasting, rowsOf } from './dataset-values.ts';

/** Some tests have an owner, some have several. */
export function testOwnerRows(cases: Rows.TestCase[]): Rows.TestOwner[] {
  const owners = ['@Acme/Code', 'ada@example.com', '@@maintainer'];
  return rowsOf(15, (index) => {
    const { organizationId, id } = cycle(lasting(cases), index % 7);
    const owner = cycle(owners, Math.floor(index / 7));
    return { organizationId, testCaseId: id, key: ownerKey(owner), owner, position: index };
  });
}
