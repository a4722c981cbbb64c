import { query, sql } from '../db/sql.ts';
import type { System } from './system.ts';

/** Forgets messages that were made longer ago than uploads are kept, with their deliveries, but for those that wait. */
export async function expireOutgoing(
  { db, now }: Pick<System, 'db' | 'now'>,
  keptDays: number,
): Promise<void> {
  await query(
    db.pool,
    sql`DELETE FROM outgoing_messages m USING organizations o
      WHERE m.organization_id = o.id AND m.status <> 'PENDING'
        AND m.created_at < ${now()}::timestamptz - make_interval(days => ${keptDays}::int)`,
  );
}
