import type { GraphQLResolveInfo } from 'graphql';
import { keptWith } from '../analytics/kept.ts';
import type { Derivation } from '../analytics/page-request.ts';
import type { RowModel } from '../analytics/rows.ts';
import type { RowOf } from '../db/columns.ts';
import { keyOf, type ValueBelow } from './below.ts';
import type { GraphQLContext } from './context.ts';

type Found<Row> = Row | Promise<Row>;

/** Options of a relation to one row that is always there: foreign keys see to that. */
export function related<Parent extends object, Model extends RowModel>(
  model: Model,
  idField: keyof Parent & string,
) {
  const { extensions, resolve } = reachable<Parent, Model>(model, idField);
  const present = (row: RowOf[Model] | null): RowOf[Model] => {
    if (row === null) throw new Error(`a ${model} has gone`);
    return row;
  };
  return {
    extensions,
    resolve: (
      parent: Parent,
      args: object,
      ctx: GraphQLContext,
      info: GraphQLResolveInfo,
    ): Found<RowOf[Model]> => {
      const found = resolve(parent, args, ctx, info);
      return found instanceof Promise ? found.then(present) : present(found);
    },
  };
}

/**
 * Options of a relation to one row that may not be there: read in one statement with the parent when a
 * list looked ahead to it, else batched with all others that are asked for.
 */
export function reachable<Parent extends object, Model extends RowModel>(
  model: Model,
  idField: keyof Parent & string,
) {
  return {
    extensions: { rowBelow: { model, idField } },
    resolve: (
      parent: Parent,
      _args: object,
      { loaders }: GraphQLContext,
      info: GraphQLResolveInfo,
    ): Found<RowOf[Model] | null> => {
      const kept = keptWith<RowOf[Model] | null>(parent, info.fieldName);
      if (kept !== undefined) return kept;
      const id = parent[idField];
      return typeof id === 'string' ? loaders.row(model, id) : null;
    },
  };
}

/**
 * Options of a field that is worked out of other rows: read in one statement with the row when a list looked ahead to
 * it, else loaded.
 */
export function derived<Parent extends object, Value>(
  idField: keyof Parent & string,
  value: Derivation,
  load: (id: string, ctx: GraphQLContext) => Promise<Value>,
) {
  return {
    extensions: { valueBelow: { idField, valueFor: () => value } satisfies ValueBelow },
    resolve: (parent: Parent, args: object, ctx: GraphQLContext, info: GraphQLResolveInfo) =>
      keptWith<Value>(parent, keyOf(info.path.key, args)) ?? load(String(parent[idField]), ctx),
  };
}

/**
 * The same for what depends on arguments, and is JSON: `valueFor` gives a subquery for them, and throws what is wrong
 * with them.
 */
export function computed<Parent extends object, Args extends object, Value>(
  idField: keyof Parent & string,
  type: 'uuid' | 'text',
  valueFor: (args: Args) => Derivation,
) {
  const below = { idField, valueFor } as unknown as ValueBelow; // the arguments of its own field are all it is given
  return {
    extensions: { valueBelow: below },
    resolve: (
      parent: Parent,
      args: Args,
      { loaders }: GraphQLContext,
      info: GraphQLResolveInfo,
    ): Found<Value> => {
      const key = keyOf(info.path.key, args);
      const kept = keptWith<Value>(parent, key);
      if (kept !== undefined) return kept;
      const question = () => ({ type, value: valueFor(args) });
      // What the subquery gives, as its field says.
      return loaders.value(
        info.fieldNodes,
        key,
        String(parent[idField]),
        question,
      ) as Promise<Value>;
    },
  };
}

/** Options of a relation to one row that may not be there, and whose id is worked out of other rows. */
export function reachableBy<Parent extends object, Model extends RowModel>(
  model: Model,
  idField: keyof Parent & string,
  type: 'uuid' | 'text',
  idOf: Derivation,
) {
  return {
    extensions: { rowBelow: { model, idField, idOf } },
    resolve: async (
      parent: Parent,
      args: object,
      { loaders }: GraphQLContext,
      info: GraphQLResolveInfo,
    ): Promise<RowOf[Model] | null> => {
      const kept = keptWith<RowOf[Model] | null>(parent, info.fieldName);
      if (kept !== undefined) return kept;
      const question = () => ({ type, value: idOf });
      const key = keyOf(info.path.key, args);
      const id = await loaders.value(info.fieldNodes, key, String(parent[idField]), question);
      return typeof id === 'string' ? loaders.row(model, id) : null;
    },
  };
}
