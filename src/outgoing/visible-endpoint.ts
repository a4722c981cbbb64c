import { fieldsOf, type RowOf, selectList } from '../db/columns.ts';
import type { Sql } from '../db/sql.ts';

/** An endpoint as its organization sees it: everything but its secrets. */
export type VisibleEndpoint = RowOf['WebhookEndpoint'];

/** The columns of one, under the alias `t`. */
export function endpointColumns(): Sql {
  return selectList(fieldsOf('WebhookEndpoint'));
}
