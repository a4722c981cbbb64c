import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, type SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import pg from 'pg';

const CHAR = 18;
const JSON = 114;

interface DescribedRow {
  readonly fields: { dataTypeID: number }[];
}

/**
 * Prisma's adapter for Postgres, able to read the catalog. Version 7.10 fails on the type `"char"`, of
 * which the catalog is full, because its own tools read it through a native engine. So `"char"` columns
 * pass the adapter as JSON, whose text it leaves alone, and come out as single characters. The
 * catalog has no JSON of its own.
 */
export function createCatalogAdapter(connectionString: string): PrismaPg {
  const pool = new pg.Pool({ connectionString });
  pool.on('connect', (client) => {
    // A client of pg is a `Client`, whose connection sends what arrives from the server.
    (client as unknown as pg.Client).connection.prependListener(
      'rowDescription',
      ({ fields }: DescribedRow) => {
        for (const field of fields) if (field.dataTypeID === CHAR) field.dataTypeID = JSON;
      },
    );
  });
  const factory = new PrismaPg(pool, { disposeExternalPool: true });
  const connect = factory.connect.bind(factory);
  return Object.assign(factory, { connect: async () => withCharacters(await connect()) });
}

function withCharacters<Adapter extends SqlDriverAdapter>(adapter: Adapter): Adapter {
  const queryRaw = adapter.queryRaw.bind(adapter);
  return Object.assign(adapter, {
    queryRaw: async (...args: Parameters<typeof queryRaw>) => {
      const result = await queryRaw(...args);
      const columnTypes = result.columnTypes.map((type) =>
        type === ColumnTypeEnum.Json ? ColumnTypeEnum.Character : type,
      );
      return { ...result, columnTypes };
    },
  });
}
