import type { ServiceContext } from '../context.ts';
import { sql } from '../db/sql.ts';

/** Gives what a minute on agents costs, by label. */
export function runnerPrices({
  db,
  tenant: { organizationId },
}: ServiceContext): Promise<{ label: string; pricePerMinute: number; currency: string }[]> {
  return db.read(sql`SELECT label, price_per_minute AS "pricePerMinute", currency FROM runner_prices
    WHERE organization_id = ${organizationId}::uuid ORDER BY label COLLATE "C"`);
}
