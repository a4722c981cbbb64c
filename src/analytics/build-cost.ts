import { sql } from '../db/sql.ts';
import type { Derivation } from './page-request.ts';
import { pricePerMinute } from './statistics-costs.ts';

/** An amount of money. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/**
 * What a build cost, a scalar subquery that gives `Money`: its run time in minutes at the highest price of any label of
 * its agent; null without a run time or a price.
 */
export const buildCost: Derivation = (organizationId, buildId) =>
  sql`(SELECT json_build_object('amount', b.duration_ms * k.price / 60000, 'currency', (SELECT p.currency
      FROM runner_prices p WHERE p.organization_id = ${organizationId}::uuid LIMIT 1))
    FROM builds b CROSS JOIN LATERAL (SELECT ${pricePerMinute(organizationId, sql`b.agent_labels`)} AS price) k
    WHERE b.organization_id = ${organizationId}::uuid AND b.id = ${buildId}
      AND b.duration_ms IS NOT NULL AND k.price IS NOT NULL)`;
