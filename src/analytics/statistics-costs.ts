import { noRepository } from '../db/no-repository.ts';
import { isBroken, isCertain } from '../db/outcome-rules.ts';
import { empty, type Sql, sql } from '../db/sql.ts';
import { inSpan } from './statistics-window.ts';

/**
 * What a minute costs on agents with these labels: the highest price of any of them, an expression; null where none has
 * a price.
 *
 * @param labels a text array, an expression
 */
export function pricePerMinute(organizationId: string, labels: Sql): Sql {
  return sql`(SELECT max(p.price_per_minute) FROM runner_prices p
    WHERE p.organization_id = ${organizationId}::uuid AND p.label = ANY (${labels}))`;
}

/**
 * What the builds of a repository cost in the window: a JSON object of `FoundCosts`; null without prices, or without a
 * repository. Wasted is the cost of builds that failed and that a failure disrupted which evidence proves to be no
 * fault of the code: each counts once, however many such failures it has. Needs `rows` of job_quarters and `span`.
 *
 * @param jobName only of this job, an expression; null for all
 */
export function costsOf(organizationId: string, repositoryId: Sql, jobName: Sql | null): Sql {
  const ofJob = jobName === null ? empty : sql`AND b.job_name = ${jobName}`;
  const own = (alias: Sql): Sql => sql`${alias}.organization_id = ${organizationId}::uuid`;
  return sql`(SELECT json_build_object('currency', c.currency, 'total', k.total, 'unpricedMs', k.unpriced_ms,
      'wasted', (SELECT coalesce(sum(b.duration_ms * ${pricePerMinute(organizationId, sql`b.agent_labels`)}), 0) / 60000
        FROM builds b WHERE ${own(sql`b`)} AND b.repository_id = ${repositoryId}
          AND ${isBroken('b')} AND ${inSpan(sql`b.recorded_at`)}
          AND b.recorded_at >= (SELECT from_at FROM span) ${ofJob}
          AND EXISTS (SELECT FROM disruptions d WHERE ${own(sql`d`)} AND d.build_id = b.id AND ${isCertain('d')})))
    FROM (SELECT p.currency FROM runner_prices p WHERE ${own(sql`p`)}
        AND ${repositoryId} <> ${noRepository} LIMIT 1) c,
      (SELECT coalesce(sum(ms * price), 0) / 60000 AS total, coalesce(sum(ms) FILTER (WHERE price IS NULL), 0) AS unpriced_ms
      FROM (SELECT ms, ${pricePerMinute(organizationId, sql`ARRAY(SELECT jsonb_array_elements_text(labels::jsonb))`)} AS price
        FROM (SELECT l.key AS labels, sum(l.value::bigint) AS ms
          FROM rows CROSS JOIN LATERAL jsonb_each_text(rows.durations_by_labels) l
          WHERE rows.place > 0 GROUP BY l.key) by_labels) priced) k)`;
}
