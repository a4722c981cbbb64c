import { createHash } from 'node:crypto';
import type { Database } from '../../src/db/client.ts';
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

/** Gives each repository a CODEOWNERS file that is older than all results. */
export async function storeCodeowners(
  db: Database,
  dataset: { readonly Repository: readonly Rows.Repository[] },
): Promise<void> {
  const organizationId = dataset.Repository[0]?.organizationId ?? '';
  const digest = createHash('sha256').update(organizationId).digest();
  const problems = [{ line: 2, message: 'is ignored' }];
  const said = { dialect: 'GITHUB', content: '* @Acme/Code\n!', ruleCount: 1 } as const;
  await db.prisma.codeownersFile.create({
    data: { organizationId, digest, ...said, problems, problemCount: problems.length },
  });
  await db.prisma.codeownersVersion.createMany({
    data: dataset.Repository.map(({ id }) => ({
      organizationId,
      id,
      repositoryId: id,
      commitSha: 'c0ffee',
      path: 'CODEOWNERS',
      digest,
      recordedAt: new Date('1990-01-01T00:00:00Z'),
    })),
  });
}
