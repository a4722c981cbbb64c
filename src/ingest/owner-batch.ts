import { isDeepStrictEqual } from 'node:util';
import { type Queryable, query, sql } from '../db/sql.ts';
import { ownerKey } from '../domain/codeowners-words.ts';

/** The tests of one repository. */
export interface OwnerScope {
  readonly organizationId: string;
  readonly repositoryId: string;
}

/** How far the owners of tests are worked out, and by which file. */
export interface Sweep {
  readonly digest: Buffer;
  /** True when none is worked out by this file yet. */
  readonly isNew: boolean;
  /** The place of the last test that is done, in the order of names; null when all but new tests are. */
  readonly after: { readonly name: string; readonly id: string } | null;
}

export interface OwnedTest {
  readonly id: string;
  readonly file: string;
  /** The first 256 characters of its name. */
  readonly name: string;
  /** Who is known to own it, in their order. */
  readonly owners: readonly string[];
}

const testsAtOnce = 1_000;

/** Gives the next tests of a sweep, or of those that are new; none when there are no more. */
export async function takeTests(
  tx: Queryable,
  { organizationId, repositoryId }: OwnerScope,
  { after }: Sweep,
): Promise<OwnedTest[]> {
  const which =
    after === null
      ? sql`JOIN unowned_tests u ON u.organization_id = t.organization_id AND u.test_case_id = t.id
          WHERE u.organization_id = ${organizationId}::uuid AND u.repository_id = ${repositoryId}::uuid
          ORDER BY u.test_case_id`
      : sql`WHERE t.organization_id = ${organizationId}::uuid AND t.repository_id = ${repositoryId}::uuid
          AND (left(t.name, 256), t.id) > (${after.name}, ${after.id})
          ORDER BY left(t.name, 256), t.id`;
  return query<OwnedTest>(
    tx,
    sql`SELECT t.id, t.file, left(t.name, 256) AS name, ARRAY(SELECT o.owner FROM test_owners o
        WHERE o.organization_id = t.organization_id AND o.test_case_id = t.id ORDER BY o.position) AS owners
      FROM test_cases t ${which}
      LIMIT ${testsAtOnce}::int`,
  );
}

/** Writes who owns these tests, where that is not what is known already, and that they are done. */
export async function writeOwners(
  tx: Queryable,
  scope: OwnerScope,
  {
    sweep,
    tests,
    owners,
  }: {
    readonly sweep: Sweep;
    readonly tests: readonly OwnedTest[];
    /** By file. */
    readonly owners: ReadonlyMap<string, readonly string[]>;
  },
): Promise<void> {
  const ownersOf = ({ file }: OwnedTest): readonly string[] => owners.get(file) ?? [];
  // Mostly none: a statement that upserts what is known locks every row.
  const changed = tests.filter((test) => !isDeepStrictEqual(test.owners, ownersOf(test)));
  if (changed.length > 0) {
    const said = changed.flatMap((test) =>
      ownersOf(test).map((owner, position) => ({ id: test.id, owner, position })),
    );
    await replaceOwners(tx, scope, { ids: changed.map(({ id }) => id), said });
  }
  await writePlace(tx, scope, sweep, tests);
}

async function replaceOwners(
  tx: Queryable,
  { organizationId }: OwnerScope,
  {
    ids,
    said,
  }: {
    readonly ids: readonly string[];
    readonly said: readonly { id: string; owner: string; position: number }[];
  },
): Promise<void> {
  await query(
    tx,
    sql`DELETE FROM test_owners
      WHERE organization_id = ${organizationId}::uuid AND test_case_id = ANY (${ids}::text[])`,
  );
  await query(
    tx,
    sql`INSERT INTO test_owners (organization_id, test_case_id, key, owner, position)
      SELECT ${organizationId}::uuid, said.* FROM unnest(${said.map(({ id }) => id)}::text[],
        ${said.map(({ owner }) => ownerKey(owner))}::text[], ${said.map(({ owner }) => owner)}::text[],
        ${said.map(({ position }) => position)}::smallint[]) AS said (id, key, owner, position)`,
  );
}

async function writePlace(
  tx: Queryable,
  { organizationId, repositoryId }: OwnerScope,
  { digest, after }: Sweep,
  tests: readonly OwnedTest[],
): Promise<void> {
  if (after === null) {
    await query(
      tx,
      sql`DELETE FROM unowned_tests WHERE organization_id = ${organizationId}::uuid
        AND repository_id = ${repositoryId}::uuid AND test_case_id = ANY (${tests.map(({ id }) => id)}::text[])`,
    );
    return;
  }
  const last = tests.at(-1);
  await query(
    tx,
    sql`UPDATE owner_sweeps SET digest = ${digest}, swept_name = ${last?.name ?? null}, swept_id = ${last?.id ?? null}
      WHERE organization_id = ${organizationId}::uuid AND repository_id = ${repositoryId}::uuid`,
  );
}
