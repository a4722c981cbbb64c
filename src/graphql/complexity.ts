import type { ComplexityErrorFn } from '@pothos/plugin-complexity';
import {
  getNamedType,
  getNullableType,
  GraphQLError,
  type GraphQLField,
  isListType,
} from 'graphql';
import { defaultPageSize } from '../analytics/page-request.ts';

/** Points and levels one operation may cost. A field is a point; a connection multiplies by its page size. */
export const limits = { complexity: 50_000, depth: 15 } as const;

interface Sized {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly ids?: readonly unknown[];
}

/** What one field costs, and by how much what is below it counts. */
export function fieldComplexity(
  args: Sized,
  _ctx: unknown,
  { name, type }: Pick<GraphQLField<unknown, unknown>, 'name' | 'type'>,
): { field: number; multiplier: number } {
  if (getNamedType(type).name.endsWith('Connection')) {
    return { field: 1, multiplier: Math.max(1, args.first ?? args.last ?? defaultPageSize) };
  }
  // The page size is counted where it is given: at the connection.
  if (name === 'edges' || name === 'nodes') return { field: 0, multiplier: args.ids?.length ?? 1 };
  return { field: 1, multiplier: isListType(getNullableType(type)) ? 10 : 1 };
}

/** Says which limit was passed, by how much, and how to stay under it. */
export const refuseComplexity: ComplexityErrorFn = (kind, { complexity, depth }) =>
  String(kind) === 'Depth'
    ? refusal(
        `This operation is ${String(depth)} levels deep; the limit is ${String(limits.depth)}. Ask for the inner part by its id with node(id:).`,
      )
    : refusal(
        `This operation may cost ${String(complexity)} points; the limit is ${String(limits.complexity)}. Each field is a point and a connection multiplies by its page size: ask for smaller pages (first, last) or fewer nested connections.`,
      );

function refusal(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400 } },
  });
}
