import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/prisma/client.ts';
import { createPartitions, type Partitions } from './partitions.ts';
import { query, type Sql } from './sql.ts';
import { createStatementNames } from './statement-names.ts';

/** Both ways to one Postgres: Prisma for the schema and single rows, the pool for set-based SQL. */
export interface Database {
  readonly prisma: PrismaClient;
  readonly pool: pg.Pool;
  readonly partitions: Partitions;
  /** Runs one read that is asked again and again: prepared from its second time on. */
  readonly read: <Row extends object>(statement: Sql) => Promise<Row[]>;
  /** The connection string, for what needs a session of its own (LISTEN, the job runner). */
  readonly url: string;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Connections at most. */
  readonly maxConnections?: number;
  /** Told of a connection that broke while idle. The pool replaces it by itself. */
  readonly onIdleError?: (error: Error) => void;
}

const INT8 = pg.types.builtins.INT8;

/** Like Prisma's, our rows hold `bigint` for int8: no count or duration loses digits. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === INT8 && format !== 'binary' ? BigInt : (pg.types.getTypeParser(oid, format) as never),
};

/** Opens the pool; connects at the first query. */
export function createDatabase(url: string, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({ connectionString: url, max: options.maxConnections ?? 10, types });
  pool.on('error', options.onIdleError ?? (() => undefined));
  pool.on('connect', (client) => {
    // One that breaks in use fails its query with the same error; unheard, it would end the process.
    client.on('error', () => undefined);
  });
  const nameOf = createStatementNames({ most: 500 });
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });

  return {
    prisma,
    pool,
    read: (statement) => query(pool, statement, nameOf(statement.text)),
    partitions: createPartitions(pool, () => new Date()),
    url,
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
