import { query, sql } from '../db/sql.ts';
import { type Engine, runPass } from './run-pass.ts';

/** Ids of organizations that have events to be taken in. */
export async function waitingOrganizations({ db }: Engine): Promise<string[]> {
  const waiting = await query<{ id: string }>(
    db.pool,
    sql`SELECT id FROM organizations o
      WHERE EXISTS (SELECT FROM analytics_events e WHERE e.organization_id = o.id) ORDER BY id`,
  );
  return waiting.map(({ id }) => id);
}

/** Takes in events, a pass for each organization in turn, until there are none. */
export async function analyse(engine: Engine): Promise<void> {
  for (;;) {
    const waiting = await waitingOrganizations(engine);
    if (waiting.length === 0) return;
    for (const organizationId of waiting) await runPass(engine, organizationId);
  }
}
