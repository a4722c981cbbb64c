import { columnName, fieldsOf, type ModelName, models, selectList } from './columns.ts';
import { join, query, type Queryable, type Sql, sql, verbatim } from './sql.ts';

/**
 * Writes whole rows, any number with one statement: inserts those whose key is new and replaces the
 * others. Gives the stored rows, in no order.
 *
 * @param rows every field of the model but those with a default in the database
 * @param key fields of a unique constraint
 */
export async function upsertRows<Row extends object>(
  tx: Queryable,
  model: ModelName,
  rows: readonly Partial<Row>[],
  key: readonly (keyof Row & string)[],
): Promise<Row[]> {
  const fields = fieldsOf(model).filter((field) => rows.some((row) => field in row));
  const kept = new Set<string>(key);
  const changed = fields.filter((field) => !kept.has(field));
  const table = verbatim(models[model].table);
  return query<Row>(
    tx,
    sql`INSERT INTO ${table} AS t (${columns(fields)})
      SELECT ${columns(fields)} FROM json_populate_recordset(NULL::${table}, ${toRecords(rows)}::json)
      ON CONFLICT (${columns(key)}) DO UPDATE SET ${join(changed.map(replaced))}
      RETURNING ${selectList(fieldsOf(model))}`,
  );
}

/**
 * Assignments of an upsert into `t`: what is said now, else what is known; the other way round when the
 * message is late.
 */
export function laterOf(names: readonly string[], isLate: Sql): Sql {
  return join(
    names.map((name) => {
      const [column, known, said] = [name, `t.${name}`, `EXCLUDED.${name}`].map(verbatim);
      return sql`${column} = CASE WHEN ${isLate} THEN coalesce(${known}, ${said})
        ELSE coalesce(${said}, ${known}) END`;
    }),
  );
}

function replaced(field: string): Sql {
  const column = columnName(field);
  return verbatim(`${column} = EXCLUDED.${column}`);
}

function columns(fields: readonly string[]): Sql {
  return join(fields.map((field) => verbatim(columnName(field))));
}

/** Rows as JSON with the names of columns; instants as ISO 8601, 64-bit integers as text. */
export function toRecords(rows: readonly object[]): string {
  const records = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([field, value]) => [columnName(field), value])),
  );
  return JSON.stringify(records, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}
