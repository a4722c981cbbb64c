import { query, sql } from '../db/sql.ts';
import { type Engine, runPass } from './run-pass.ts';

/** Takes in all events there are, of one organization after the other. Gives whether there were any. */
export async function analyse(engine: Engine): Promise<boolean> {
  const waiting = await query<{ id: string }>(
    engine.db.pool,
    sql`SELECT id FROM organizations o
      WHERE EXISTS (SELECT FROM analytics_events e WHERE e.organization_id = o.id) ORDER BY id`,
  );
  // One pass each, so that none waits for another's flood.
  const unfinished = new Set(waiting.map(({ id }) => id));
  while (unfinished.size > 0) {
    for (const id of unfinished) if (!(await runPass(engine, id))) unfinished.delete(id);
  }
  return waiting.length > 0;
}
