import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionNode } from 'graphql';
import type { Wanted } from '../analytics/page-request.ts';

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

/** Documents are parsed once and kept by the server, so what they want is worked out once too. */
const known = new WeakMap<FieldNode, Wanted>();

/**
 * Says what of a connection the query looks at. Directives are not weighed: what `@skip` may leave out
 * counts as wanted, which costs a column and is never wrong.
 */
export function wantedOf(info: Info): Wanted {
  const [node, ...others] = info.fieldNodes;
  if (node === undefined || others.length > 0) return lookAhead(info);

  const wanted = known.get(node) ?? lookAhead(info);
  known.set(node, wanted);
  return wanted;
}

function lookAhead(info: Info): Wanted {
  const connection = info.fieldNodes.flatMap((node) => childrenOf(node, info));
  const pageInfo = named(connection, 'pageInfo').flatMap((node) => childrenOf(node, info));
  const nodes = [
    ...named(connection, 'nodes'),
    ...named(connection, 'edges').flatMap((edge) => named(childrenOf(edge, info), 'node')),
  ];
  return {
    fields: [
      ...new Set(nodes.flatMap((node) => childrenOf(node, info)).map((node) => node.name.value)),
    ],
    totalCount: named(connection, 'totalCount').length > 0,
    hasNextPage: named(pageInfo, 'hasNextPage').length > 0,
    hasPreviousPage: named(pageInfo, 'hasPreviousPage').length > 0,
  };
}

function named(nodes: readonly FieldNode[], name: string): FieldNode[] {
  return nodes.filter((node) => node.name.value === name);
}

function childrenOf(node: FieldNode, info: Info): FieldNode[] {
  return (node.selectionSet?.selections ?? []).flatMap((selection) => fieldsIn(selection, info));
}

/** Fragments are looked through; validation has refused cycles. */
function fieldsIn(selection: SelectionNode, info: Info): FieldNode[] {
  if (selection.kind === Kind.FIELD) return [selection];
  const set =
    selection.kind === Kind.INLINE_FRAGMENT
      ? selection.selectionSet
      : info.fragments[selection.name.value]?.selectionSet;
  return (set?.selections ?? []).flatMap((inner) => fieldsIn(inner, info));
}
