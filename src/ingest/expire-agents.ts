import type { ServiceContext } from '../context.ts';
import { query, sql } from '../db/sql.ts';

/** Forgets reports about agents, and agents that nothing was heard of, for longer than uploads are kept. */
export async function expireAgents(
  { db, now }: Pick<ServiceContext, 'db' | 'now'>,
  keptDays: number,
): Promise<void> {
  const due = sql`${now()}::timestamptz - make_interval(days => ${keptDays}::int)`;
  // By organization, which leads the indexes.
  await query(
    db.pool,
    sql`DELETE FROM agent_snapshots s USING organizations o
      WHERE s.organization_id = o.id AND s.recorded_at < ${due}`,
  );
  await query(
    db.pool,
    sql`DELETE FROM agents a USING organizations o
      WHERE a.organization_id = o.id AND a.last_seen_at < ${due}`,
  );
}
