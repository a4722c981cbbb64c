import { buildCost, type Money } from '../../analytics/build-cost.ts';
import { runnerPrices } from '../../analytics/runner-prices.ts';
import type { Build } from '../../db/generated/prisma/client.ts';
import { type RunnerPriceOf, setRunnerPrices } from '../../triage/set-runner-prices.ts';
import { builder } from '../builder.ts';
import { describe } from '../fields.ts';
import { computed } from '../related.ts';

const MoneyRef = builder.objectRef<Money>('Money').implement({
  description: 'An amount of money.',
  fields: (t) => ({
    amount: t.exposeFloat('amount', { description: 'How much, in the currency.' }),
    currency: t.exposeString('currency', { description: 'Three letters (ISO 4217).' }),
  }),
});

const RunnerPriceRef = builder.objectRef<RunnerPriceOf>('RunnerPrice').implement({
  description: 'What a minute on agents with a label costs.',
  fields: (t) => ({
    label: t.exposeString('label', { description: describe('RunnerPrice', 'label') }),
    pricePerMinute: t.exposeFloat('pricePerMinute', {
      description: describe('RunnerPrice', 'pricePerMinute'),
    }),
    currency: t.exposeString('currency', { description: describe('RunnerPrice', 'currency') }),
  }),
});

builder.prismaObjectFields('Build', (t) => ({
  cost: t.field({
    type: MoneyRef,
    nullable: true,
    description:
      'What it cost: its run time in minutes at the highest price of any label of its agent. Null without a run time, or when no label has a price.',
    authScopes: { capability: 'READ' },
    ...computed<Build, object, Money | null>('id', 'uuid', () => buildCost),
  }),
}));

builder.queryField('runnerPrices', (t) =>
  t.field({
    type: [RunnerPriceRef],
    description: 'What minutes on agents cost, by label.',
    resolve: (_root, _args, ctx) => runnerPrices(ctx),
  }),
);

const RunnerPriceInput = builder.inputType('RunnerPriceInput', {
  description: 'What a minute on agents with a label costs.',
  fields: (t) => ({
    label: t.string({ required: true, description: describe('RunnerPrice', 'label') }),
    pricePerMinute: t.float({
      required: true,
      description: describe('RunnerPrice', 'pricePerMinute'),
    }),
  }),
});

const SetRunnerPricesInput = builder.inputType('SetRunnerPricesInput', {
  description: 'What minutes on agents cost.',
  fields: (t) => ({
    currency: t.string({
      required: true,
      description: 'Currency of all prices, by its three letters (ISO 4217).',
    }),
    prices: t.field({
      type: [RunnerPriceInput],
      required: true,
      description: 'All prices, each label once; up to 500. Without any there are no costs.',
    }),
  }),
});

const SetRunnerPricesPayload = builder
  .objectRef<{ readonly prices: RunnerPriceOf[] }>('SetRunnerPricesPayload')
  .implement({
    description: 'The prices that hold now.',
    fields: (t) => ({
      prices: t.expose('prices', { type: [RunnerPriceRef], description: 'By label.' }),
    }),
  });

builder.mutationField('setRunnerPrices', (t) =>
  t.field({
    type: SetRunnerPricesPayload,
    description:
      'Sets what minutes on agents cost, by their labels, in place of all prices before. Costs of past builds follow. Needs MANAGE.',
    errors: {},
    args: {
      input: t.arg({ type: SetRunnerPricesInput, required: true, description: 'The prices.' }),
    },
    resolve: async (_root, { input }, ctx) => ({ prices: await setRunnerPrices(ctx, input) }),
  }),
);
