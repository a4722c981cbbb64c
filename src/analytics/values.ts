import type { ServiceContext } from '../context.ts';
import { sql, verbatim } from '../db/sql.ts';
import type { Derivation } from './page-request.ts';

/** A value that is worked out of other rows, and what kind of id names what it is about. */
export interface ValueQuestion {
  readonly type: 'uuid' | 'text';
  readonly value: Derivation;
}

/** Gives the value for each id, in their order, with one statement. */
export async function valuesOf(
  { db, tenant: { organizationId } }: ServiceContext,
  { type, value }: ValueQuestion,
  ids: readonly string[],
): Promise<unknown[]> {
  const found = await db.read<{ value: unknown }>(
    sql`SELECT ${value(organizationId, sql`asked.id`)} AS value
      FROM unnest(${ids}::${verbatim(type)}[]) WITH ORDINALITY AS asked (id, place) ORDER BY place`,
  );
  return found.map((each) => each.value);
}
