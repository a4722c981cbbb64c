import {
  type FieldNode,
  getArgumentValues,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  isObjectType,
  Kind,
  type SelectionNode,
} from 'graphql';
import type { OrderBy } from '../analytics/listing.ts';
import {
  type PageArguments,
  type PageRequest,
  pageRequest,
  type Wanted,
  type WantedList,
  type WantedRow,
  type WantedValue,
} from '../analytics/page-request.ts';
import type { AskedWindow } from '../domain/score-window.ts';
import { ValidationError } from '../errors.ts';
import { belowOf, keyOf, type ListBelow } from './below.ts';

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues' | 'operation'>;

/** Documents are parsed once and kept by the server, so what they want is worked out once too. */
const known = new WeakMap<FieldNode, Wanted>();

/**
 * Says what of a connection the query looks at, all the way down. Directives are not weighed: what
 * `@skip` may leave out counts as wanted, which costs a column and is never wrong.
 */
export function wantedOf(info: Info & { readonly returnType: GraphQLOutputType }): Wanted {
  const [node, ...others] = info.fieldNodes;
  const isFixed = (info.operation.variableDefinitions ?? []).length === 0;
  if (node === undefined || others.length > 0 || !isFixed) {
    return ofConnection(info.fieldNodes, info.returnType, info);
  }
  const wanted = known.get(node) ?? ofConnection(info.fieldNodes, info.returnType, info);
  known.set(node, wanted);
  return wanted;
}

function ofConnection(
  fieldNodes: readonly FieldNode[],
  returnType: GraphQLOutputType,
  info: Info,
): Wanted {
  const connection = fieldNodes.flatMap((node) => childrenOf(node, info));
  const pageInfo = named(connection, 'pageInfo').flatMap((node) => childrenOf(node, info));
  const nodes = [
    ...named(connection, 'nodes'),
    ...named(connection, 'edges').flatMap((edge) => named(childrenOf(edge, info), 'node')),
  ];
  const nodeType = typeBelow(getNamedType(returnType), 'nodes');
  return {
    ...ofNode(nodes, nodeType, info),
    totalCount: named(connection, 'totalCount').length > 0,
    hasNextPage: named(pageInfo, 'hasNextPage').length > 0,
    hasPreviousPage: named(pageInfo, 'hasPreviousPage').length > 0,
  };
}

function ofNode(nodes: readonly FieldNode[], type: GraphQLObjectType | null, info: Info): Wanted {
  const children = nodes.flatMap((node) => childrenOf(node, info));
  // GraphQL merges what stands under one name. Relations to one row take no arguments, so all are one.
  const byName = grouped(children, responseName);
  const byField = grouped(children, ({ name }) => name.value);
  return {
    fields: [...new Set(children.map((node) => node.name.value))],
    totalCount: false,
    hasNextPage: false,
    hasPreviousPage: false,
    lists: byName.flatMap((namesakes) => listBelow(namesakes, type, info)),
    rows: byField.flatMap((namesakes) => rowBelow(namesakes, type, info)),
    values: byName.flatMap((namesakes) => valueBelow(namesakes, type, info)),
  };
}

function listBelow(
  namesakes: readonly FieldNode[],
  type: GraphQLObjectType | null,
  info: Info,
): WantedList[] {
  const [child] = namesakes;
  const field = child && type?.getFields()[child.name.value];
  const below = field && belowOf(field).listBelow;
  if (child === undefined || field === undefined || below === undefined) return [];
  try {
    const args = getArgumentValues(field, child, info.variableValues);
    const request = requestOf(below, args, ofConnection(namesakes, field.type, info));
    const { listing, column, parentField } = below;
    return [{ key: keyOf(responseName(child), args), listing, column, parentField, request }];
  } catch (error) {
    // Bad arguments: the field itself says so, in its own place of the answer.
    if (error instanceof ValidationError) return [];
    throw error;
  }
}

function rowBelow(
  namesakes: readonly FieldNode[],
  type: GraphQLObjectType | null,
  info: Info,
): WantedRow[] {
  const [child] = namesakes;
  const field = child && type?.getFields()[child.name.value];
  const below = field && belowOf(field).rowBelow;
  if (field === undefined || below === undefined) return [];
  const namedType = getNamedType(field.type);
  const other = isObjectType(namedType) ? namedType : null;
  return [{ ...below, key: field.name, wanted: ofNode(namesakes, other, info) }];
}

function valueBelow(
  [child]: readonly FieldNode[],
  type: GraphQLObjectType | null,
  info: Info,
): WantedValue[] {
  const field = child && type?.getFields()[child.name.value];
  const below = field && belowOf(field).valueBelow;
  if (child === undefined || field === undefined || below === undefined) return [];
  try {
    const args = getArgumentValues(field, child, info.variableValues);
    const { idField, valueFor } = below;
    return [{ idField, value: valueFor(args), key: keyOf(responseName(child), args) }];
  } catch (error) {
    if (error instanceof ValidationError) return []; // as above
    throw error;
  }
}

interface ListArguments extends PageArguments {
  readonly filter?: unknown;
  readonly orderBy?: OrderBy<string> | null | undefined;
  readonly window?: AskedWindow | null | undefined;
}

/**
 * Makes the request of a list from its arguments.
 *
 * @throws {ValidationError} for arguments that break a rule
 */
export function requestOf(
  { listing, toFilter }: Pick<ListBelow, 'listing' | 'toFilter'>,
  args: ListArguments,
  wanted: Wanted,
): PageRequest<unknown, string> {
  const filter = args.filter == null ? listing.everything : toFilter(args.filter);
  const { orderBy, window } = args;
  return pageRequest(listing, args, { wanted, filter, orderBy, window });
}

function responseName({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}

function grouped(
  nodes: readonly FieldNode[],
  nameOf: (node: FieldNode) => string,
): readonly (readonly FieldNode[])[] {
  const groups = new Map<string, FieldNode[]>();
  for (const node of nodes) groups.set(nameOf(node), [...(groups.get(nameOf(node)) ?? []), node]);
  return [...groups.values()];
}

function typeBelow(type: unknown, field: string): GraphQLObjectType | null {
  if (!isObjectType(type)) return null;
  const below = type.getFields()[field];
  const named = below && getNamedType(below.type);
  return isObjectType(named) ? named : null;
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
