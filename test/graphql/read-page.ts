import type { TestGateway } from '../support/start-gateway.ts';
import type { Order } from './lists.ts';
import { below, type ConnectionField, pageDocument } from './schema-walk.ts';

export interface Arguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
  readonly orderBy?: Order | null;
  readonly filter?: object | null;
}

export interface AnsweredPage {
  readonly totalCount: number;
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly key: string } }[];
  readonly nodes: readonly { readonly key: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

export type ReadPage = (args: Arguments) => Promise<AnsweredPage>;

/** Makes what reads pages of one connection. A page holds what the selection asks for. */
export function pageReader(
  gateway: TestGateway,
  connection: ConnectionField,
  { selection, parentId }: { readonly selection: string; readonly parentId: string | null },
): ReadPage {
  const document = pageDocument(connection, selection);
  return async (args) => {
    const { data, errors } = await gateway.graphql(document, variables(connection, parentId, args));
    if (errors !== undefined) throw new Error(`${connection.name}: ${JSON.stringify(errors)}`);
    return (below(data) as { page: AnsweredPage }).page; // as the selection says
  };
}

/** Variables of a `pageDocument`. */
export function variables(
  connection: ConnectionField,
  parentId: string | null,
  { orderBy, filter, ...paging }: Arguments,
): object {
  return {
    ...paging,
    ...(parentId === null ? {} : { id: parentId }),
    ...(connection.orderType === null ? {} : { orderBy }),
    ...(connection.filter === null ? {} : { filter }),
  };
}
