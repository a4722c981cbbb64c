import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { lockNames } from '../db/lock.ts';
import { inTransaction, query, sql } from '../db/sql.ts';
import { list } from '../domain/fields.ts';
import { parseInput } from '../domain/parse-input.ts';
import { name } from '../domain/text.ts';
import { requireCapability } from '../identity/require-capability.ts';

const SetRunnerPricesInput = z.object({
  currency: z.string().regex(/^[A-Z]{3}$/, { error: 'must be three capital letters, e.g. EUR' }),
  prices: list(
    z.object({
      label: name(),
      pricePerMinute: z
        .number()
        .min(0, { error: 'must not be negative' })
        .max(1_000_000, { error: 'must be at most 1000000' }),
    }),
    500,
  ).refine((prices) => new Set(prices.map(({ label }) => label)).size === prices.length, {
    error: 'must name each label once',
  }),
});
export interface SetRunnerPricesInput {
  /** Three letters (ISO 4217). */
  readonly currency: string;
  readonly prices: readonly { readonly label: string; readonly pricePerMinute: number }[];
}

/** What a minute on agents with a label costs. */
export interface RunnerPriceOf {
  readonly label: string;
  readonly pricePerMinute: number;
  readonly currency: string;
}

/**
 * Sets what minutes on agents cost, by their labels, in place of all prices before; without any there are no costs.
 * Gives the prices by label.
 *
 * @throws {ForbiddenError} without the `MANAGE` capability
 * @throws {ValidationError} naming each field that breaks its rule
 */
export async function setRunnerPrices(
  ctx: ServiceContext,
  input: SetRunnerPricesInput,
): Promise<RunnerPriceOf[]> {
  requireCapability(ctx.tenant, 'MANAGE');
  const { currency, prices } = parseInput(SetRunnerPricesInput, input);
  const { organizationId } = ctx.tenant;

  await inTransaction(ctx.db.pool, async (tx) => {
    // Two at once would otherwise leave prices of both.
    await lockNames(tx, [`runner prices ${organizationId}`]);
    await query(tx, sql`DELETE FROM runner_prices WHERE organization_id = ${organizationId}::uuid`);
    await query(
      tx,
      sql`INSERT INTO runner_prices (organization_id, label, price_per_minute, currency)
        SELECT ${organizationId}::uuid, label, price, ${currency}
        FROM unnest(${prices.map(({ label }) => label)}::text[],
          ${prices.map(({ pricePerMinute }) => pricePerMinute)}::float8[]) AS said (label, price)`,
    );
  });
  return prices
    .map((price) => ({ ...price, currency }))
    .sort((one, other) => (one.label < other.label ? -1 : 1));
}
