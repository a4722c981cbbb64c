import {
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getNamedType,
  type DocumentNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type {
  Constant,
  EdgeMember,
  ListAnswer,
  NodeMember,
  NodeShape,
  PageInfoMember,
  PageMember,
} from '../analytics/answer-shape.ts';
import type { Wanted } from '../analytics/page-request.ts';
import { belowOf, type ListBelow } from './below.ts';
import { rootListOf } from './connection.ts';
import { openModel, plainValue } from './plain-values.ts';
import { requestOf } from './wanted.ts';

export type RootMember =
  Constant | { readonly kind: 'list'; readonly name: string; readonly answer: ListAnswer };

/** Thrown when something asked for is more than Postgres can answer alone. */
class NotPlain extends Error {}

interface Asked {
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Postgres cuts longer names. */
const longestName = 63;

/**
 * Says what the answer to a query looks like, when it is made of lists whose fields are columns, rows and lists below;
 * null when anything else is asked for, or an argument is bad: graphql-js finds the words for that.
 */
export function answerShape(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): readonly RootMember[] | null {
  const root = schema.getQueryType();
  if (root == null || (operation.directives ?? []).length > 0) return null;
  const fragments = Object.fromEntries(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
  const asked = { fragments, variables };
  try {
    return membersOf([operation], root, asked, (name, field, nodes) => {
      const list = rootListOf(field);
      if (list === undefined) throw new NotPlain(name);
      return { kind: 'list', name, answer: listAnswer(list, field, nodes, asked) };
    });
  } catch {
    return null; // not plain, or an argument that breaks a rule
  }
}

function listAnswer(
  list: Pick<ListBelow, 'listing' | 'toFilter'>,
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
  asked: Asked,
): ListAnswer {
  const type = getNamedType(field.type);
  const [node] = nodes;
  if (!isObjectType(type) || node === undefined) throw new NotPlain(field.name);
  const members = membersOf(nodes, type, asked, (name, inner, inside) =>
    pageMember(name, inner, inside, asked),
  );
  const args = getArgumentValues(field, node, asked.variables);
  const request = requestOf(list, args, lookedAt(members));
  if (request.first === null || request.last !== null || request.before !== null) {
    throw new NotPlain(field.name); // backward pages are rare
  }
  return { listing: list.listing, request, members };
}

/** What facts of a page are shown. */
function lookedAt(members: readonly PageMember[]): Wanted {
  const infos = members.flatMap((member) => (member.kind === 'pageInfo' ? member.members : []));
  return {
    fields: [],
    lists: [],
    rows: [],
    values: [],
    totalCount: members.some(({ kind }) => kind === 'totalCount'),
    hasNextPage: infos.some(({ kind }) => kind === 'hasNextPage'),
    hasPreviousPage: infos.some(({ kind }) => kind === 'hasPreviousPage'),
  };
}

function pageMember(
  name: string,
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
  asked: Asked,
): PageMember {
  switch (field.name) {
    case 'totalCount':
      return { kind: 'totalCount', name };
    case 'nodes':
      return { kind: 'nodes', name, node: nodeShape(field, nodes, asked) };
    case 'edges':
      return {
        kind: 'edges',
        name,
        members: membersOf(nodes, objectOf(field), asked, (inner, below, inside): EdgeMember => {
          if (below.name === 'cursor') return { kind: 'cursor', name: inner };
          if (below.name !== 'node') throw new NotPlain(below.name);
          return { kind: 'node', name: inner, node: nodeShape(below, inside, asked) };
        }),
      };
    case 'pageInfo':
      return { kind: 'pageInfo', name, members: pageInfoMembers(field, nodes, asked) };
    default:
      throw new NotPlain(field.name);
  }
}

function pageInfoMembers(
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
  asked: Asked,
): readonly PageInfoMember[] {
  return membersOf(nodes, objectOf(field), asked, (name, { name: kind }): PageInfoMember => {
    switch (kind) {
      case 'hasNextPage':
      case 'hasPreviousPage':
      case 'startCursor':
      case 'endCursor':
        return { kind, name };
      default:
        throw new NotPlain(kind);
    }
  });
}

function nodeShape(
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
  asked: Asked,
): NodeShape {
  const type = objectOf(field);
  const model = openModel(type);
  if (model === null) throw new NotPlain(type.name);
  const members = membersOf(nodes, type, asked, (name, inner, inside): NodeMember => {
    const { listBelow: list, rowBelow: row } = belowOf(inner);
    if (list !== undefined) {
      const { column, parentField } = list;
      const answer = listAnswer(list, inner, inside, asked);
      return { kind: 'list', name, parentField, column, list: answer };
    }
    if (row !== undefined) {
      return { kind: 'row', name, ...row, node: nodeShape(inner, inside, asked) };
    }
    const value = plainValue(model, inner);
    if (value === null) throw new NotPlain(inner.name);
    return { kind: 'value', name, value };
  });
  return { model, members };
}

function objectOf(field: GraphQLField<unknown, unknown>): GraphQLObjectType {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) throw new NotPlain(field.name);
  return type;
}

/** What is asked of a type, by the names of the answer and in its order; what stands under one name is merged. */
function membersOf<Member>(
  parents: readonly { readonly selectionSet?: SelectionSetNode | undefined }[],
  type: GraphQLObjectType,
  asked: Asked,
  toMember: (
    name: string,
    field: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
  ) => Member,
): readonly (Member | Constant)[] {
  const byName = new Map<string, FieldNode[]>();
  for (const node of parents.flatMap(({ selectionSet }) => fieldsIn(selectionSet, asked))) {
    const name = (node.alias ?? node.name).value;
    if (name.length > longestName) throw new NotPlain(name);
    byName.set(name, [...(byName.get(name) ?? []), node]);
  }
  return Array.from(byName, ([name, nodes]) => {
    const fieldName = nodes[0]?.name.value ?? '';
    if (fieldName === '__typename') return { kind: 'constant', name, value: type.name };
    const field = type.getFields()[fieldName];
    if (field === undefined) throw new NotPlain(fieldName);
    return toMember(name, field, nodes);
  });
}

function fieldsIn(set: SelectionSetNode | undefined, asked: Asked): FieldNode[] {
  return (set?.selections ?? []).flatMap((selection: SelectionNode) => {
    if ((selection.directives ?? []).length > 0) throw new NotPlain('directives');
    if (selection.kind === Kind.FIELD) return [selection];
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : asked.fragments[selection.name.value]?.selectionSet;
    return fieldsIn(inner, asked);
  });
}
