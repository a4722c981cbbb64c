import { query, sql } from '../db/sql.ts';
import type { Engine } from './run-pass.ts';

/** Ids of organizations that have events to be taken in. */
export async function waitingOrganizations({ db }: Engine): Promise<string[]> {
  const waiting = await query<{ id: string }>(
    db.pool,
    sql`SELECT id FROM organizations o
      WHERE EXISTS (SELECT FROM analytics_events e WHERE e.organization_id = o.id) ORDER BY id`,
  );
  return waiting.map(({ id }) => id);
}
