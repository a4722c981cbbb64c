import type { NodeModel } from '../analytics/rows.ts';
import type { RowOf } from '../db/columns.ts';
import type { GraphQLContext } from './context.ts';

type Resolve<Parent, Row> = (parent: Parent, args: object, ctx: GraphQLContext) => Promise<Row>;

/** Resolves a relation to one row that is always there: foreign keys see to that. */
export function related<Model extends NodeModel, Parent>(
  model: Model,
  idOf: (parent: Parent) => string,
): Resolve<Parent, RowOf[Model]> {
  return async (parent, _args, { loaders }) => {
    const row = await loaders.row(model, idOf(parent));
    if (row === null) throw new Error(`${model} ${idOf(parent)} has gone`);
    return row;
  };
}

/** Resolves a relation to one row that may not be there. */
export function reachable<Model extends NodeModel, Parent>(
  model: Model,
  idOf: (parent: Parent) => string | null,
): Resolve<Parent, RowOf[Model] | null> {
  return async (parent, _args, { loaders }) => {
    const id = idOf(parent);
    return id === null ? null : loaders.row(model, id);
  };
}
