import type { ServiceContext } from '../context.ts';
import { query, sql } from '../db/sql.ts';

const keptDays = 90;

/** Forgets reports about agents that are older than 90 days, and agents that nothing was heard of for as long. */
export async function expireAgents({ db, now }: Pick<ServiceContext, 'db' | 'now'>): Promise<void> {
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
