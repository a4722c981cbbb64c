import { columnName, type ModelName, models } from '../db/columns.ts';
import { join, type Queryable, query, sql, verbatim } from '../db/sql.ts';
import { toRecords } from '../db/upsert.ts';

const rowsAtOnce = 1_000;

/** Inserts new rows, all with the same fields, in as few statements as their size allows. */
export async function insertRows(
  tx: Queryable,
  model: ModelName,
  rows: readonly object[],
): Promise<void> {
  const table = verbatim(models[model].table);
  const [first] = rows;
  if (first === undefined) return;
  const columns = join(Object.keys(first).map((field) => verbatim(columnName(field))));
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const records = toRecords(rows.slice(start, start + rowsAtOnce));
    await query(
      tx,
      sql`INSERT INTO ${table} (${columns})
        SELECT ${columns} FROM json_populate_recordset(NULL::${table}, ${records}::json)`,
    );
  }
}
