import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Database } from '../../src/db/client.ts';
import { testDatabase } from '../support/test-database.ts';

/** Small tables that every shard may hold a copy of, and Prisma's own. */
const exempt = ['organizations', 'users', 'api_keys', '_prisma_migrations'];

/** Tables of the tenants, with their partitions. */
const tenantTables = `(SELECT oid, relname FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> ALL ($1)) t`;

const indexes = `${tenantTables} JOIN pg_index i ON i.indrelid = t.oid`;
const constraints = `${tenantTables} JOIN pg_constraint c ON c.conrelid = t.oid`;

/** Name of the column of `relation` at a position of a key; null for an expression. */
const columnAt = (relation: string, position: string) =>
  `(SELECT attname FROM pg_attribute WHERE attrelid = ${relation} AND attnum = ${position} AND attnum > 0)`;

/** What no table of a tenant does: how to find it, and a table that does it. */
const offences: readonly (readonly [name: string, find: string, offender: string])[] = [
  [
    'lacks organization_id as its first column, a UUID that is never null',
    `SELECT relname AS name FROM ${tenantTables} WHERE NOT EXISTS (
      SELECT FROM pg_attribute WHERE attrelid = t.oid AND attnum = 1
        AND attname = 'organization_id' AND attnotnull AND atttypid = 'uuid'::regtype)`,
    'CREATE TABLE offender (organization_id uuid, id uuid)',
  ],
  [
    'lacks a primary key',
    `SELECT relname AS name FROM ${tenantTables} WHERE NOT EXISTS (
      SELECT FROM pg_constraint WHERE conrelid = t.oid AND contype = 'p')`,
    'CREATE TABLE offender (organization_id uuid NOT NULL, id uuid)',
  ],
  [
    'has a primary key that does not begin with organization_id',
    `SELECT relname AS name FROM ${constraints}
      WHERE contype = 'p' AND ${columnAt('t.oid', 'conkey[1]')} <> 'organization_id'`,
    'CREATE TABLE offender (organization_id uuid, id uuid, PRIMARY KEY (id, organization_id))',
  ],
  [
    'has a unique constraint that does not begin with organization_id',
    `SELECT relname AS name FROM ${constraints}
      WHERE contype IN ('u', 'x') AND ${columnAt('t.oid', 'conkey[1]')} <> 'organization_id'`,
    'CREATE TABLE offender (organization_id uuid, id uuid UNIQUE)',
  ],
  [
    'has a unique index that does not begin with organization_id',
    `SELECT relname AS name FROM ${indexes}
      WHERE indisunique AND ${columnAt('t.oid', 'indkey[0]')} IS DISTINCT FROM 'organization_id'`,
    'CREATE TABLE offender (organization_id uuid, id text); CREATE UNIQUE INDEX ON offender (lower(id))',
  ],
  [
    'has an index that does not begin with organization_id',
    `SELECT relname AS name FROM ${indexes}
      WHERE ${columnAt('t.oid', 'indkey[0]')} IS DISTINCT FROM 'organization_id'`,
    'CREATE TABLE offender (organization_id uuid, id uuid); CREATE INDEX ON offender (id)',
  ],
  [
    'has a foreign key that does not begin with organization_id on both sides',
    `SELECT relname AS name FROM ${constraints}
      WHERE contype = 'f' AND NOT (${columnAt('conrelid', 'conkey[1]')} = 'organization_id' AND (
        ${columnAt('confrelid', 'confkey[1]')} = 'organization_id'
        OR confrelid = 'organizations'::regclass AND cardinality(conkey) = 1))`,
    'CREATE TABLE offender (organization_id uuid, user_id uuid REFERENCES users (id))',
  ],
];

let db: Database;
beforeAll(async () => {
  db = await testDatabase();
  await db.pool.query('SELECT ensure_test_results_partition(now())'); // partitions are tables too
});

async function namesOf(statement: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ name: string }>(statement, [exempt]);
  return rows.map(({ name }) => name);
}

test('the catalog holds the tables that the rules are about, partitions too', async () => {
  const tables = await namesOf(`SELECT relname AS name FROM ${tenantTables}`);

  expect(tables).toEqual(
    expect.arrayContaining(['builds', 'test_results', 'test_results_default', 'files']),
  );
  expect(tables.filter((name) => /^test_results_\d{6}$/.test(name))).toHaveLength(1);
});

test.each(offences)('no table of a tenant %s', async (_name, find) => {
  expect(await namesOf(find)).toEqual([]);
});

test.each(offences)('a table of a tenant that %s is found', async (_name, find, offender) => {
  onTestFinished(async () => {
    await db.pool.query('DROP TABLE offender');
  });
  await db.pool.query(offender);

  expect(await namesOf(find)).toEqual(['offender']);
});

test('no small table points at a row of a tenant', async () => {
  const wrong = await namesOf(`SELECT conname AS name
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE contype = 'f' AND t.relname = ANY ($1)
      AND confrelid NOT IN ('organizations'::regclass, 'users'::regclass)`);

  expect(wrong).toEqual([]);
});
