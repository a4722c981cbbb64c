import type { ServiceContext } from '../context.ts';
import { sql } from '../db/sql.ts';

/** What is stored and not yet part of the analytics. */
export interface AnalyticsLag {
  readonly pendingEvents: number;
  /** When the oldest of them was stored; null when there is none. */
  readonly oldestAt: Date | null;
  /** How long that is ago; 0 when there is none. */
  readonly seconds: number;
}

/** Gives how far the analytics of the organization are behind what is stored. */
export async function analyticsLag({ db, tenant }: ServiceContext): Promise<AnalyticsLag> {
  const [lag] = await db.read<AnalyticsLag>(
    sql`SELECT count(*)::float8 AS "pendingEvents", min(created_at) AS "oldestAt",
        greatest(0, coalesce(extract(epoch FROM now() - min(created_at)), 0))::float8 AS seconds
      FROM analytics_events WHERE organization_id = ${tenant.organizationId}::uuid`,
  );
  if (lag === undefined) throw new Error('no lag came back');
  return lag;
}
