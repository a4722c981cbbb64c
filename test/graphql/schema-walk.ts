import {
  buildClientSchema,
  getIntrospectionQuery,
  getNamedType,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type IntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import type { TestGateway } from '../support/start-gateway.ts';

/** One connection field of the schema. */
export interface ConnectionField {
  /** `Build.stages`; root ones are `Query.builds`. */
  readonly name: string;
  readonly parent: string;
  readonly field: string;
  /** Type of its nodes. */
  readonly type: string;
  readonly filter: GraphQLInputObjectType | null;
  readonly orderType: string | null;
  /** What it can be sorted by; empty when there is one order only. */
  readonly orderFields: readonly string[];
}

/** Asks the gateway for its schema, as a client does. */
export async function introspect(gateway: TestGateway): Promise<GraphQLSchema> {
  const { data } = await gateway.graphql<IntrospectionQuery>(getIntrospectionQuery());
  if (data == null) throw new Error('no introspection');
  return buildClientSchema(data);
}

/** Every object type of the schema that is its own. */
function objectTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'));
}

/** Lists of what is worked out of rows, which no row of a dataset is; they have tests of their own. */
const workedOut = ['Query.compareTests', 'Query.slowestTests', 'Query.jobs', 'Repository.jobs'];

/** Every connection field there is, at the root and below, that lists rows. */
export function connectionsOf(schema: GraphQLSchema): ConnectionField[] {
  return objectTypes(schema).flatMap((parent) =>
    Object.values(parent.getFields())
      .filter((field) => getNamedType(field.type).name.endsWith('Connection'))
      .filter(({ name }) => !workedOut.includes(`${parent.name}.${name}`))
      .map((field) => connectionField(parent.name, field)),
  );
}

function connectionField(parent: string, field: GraphQLField<unknown, unknown>): ConnectionField {
  const typeOf = (name: string) => {
    const argument = field.args.find((arg) => arg.name === name);
    return argument === undefined ? null : getNamedType(argument.type);
  };
  const filter = typeOf('filter');
  const order = typeOf('orderBy');
  const connection = getNamedType(field.type);
  const nodes = isObjectType(connection) ? connection.getFields()['nodes'] : undefined;
  if (nodes === undefined) throw new Error(`${parent}.${field.name} has no nodes`);
  return {
    name: `${parent}.${field.name}`,
    parent,
    field: field.name,
    type: getNamedType(nodes.type).name,
    filter: isInputObjectType(filter) ? filter : null,
    orderType: order?.name ?? null,
    orderFields: isInputObjectType(order) ? valuesOf(order, 'field') : [],
  };
}

function valuesOf(input: GraphQLInputObjectType, field: string): string[] {
  const found = input.getFields()[field];
  if (found === undefined) return [];
  const type = getNamedType(found.type);
  return isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
}

/** Names of the types that `node(id:)` may find. */
export function nodeTypes(schema: GraphQLSchema): string[] {
  const node = schema.getType('Node');
  if (!isInterfaceType(node)) throw new Error('there is no interface Node');
  return schema.getPossibleTypes(node).map(({ name }) => name);
}

/**
 * A document that asks for one page of a connection, whatever its parent. Variables: `id` of the
 * parent, `first`, `last`, `after`, `before`, and `filter`, `orderBy` where it has them.
 */
export function pageDocument(connection: ConnectionField, selection: string): string {
  const { field, declared } = fieldWithArguments(connection);
  return under(connection.parent, declared, `page: ${field} { ${selection} }`);
}

/** The field with all its arguments given as variables, and how an operation declares those. */
export function fieldWithArguments({ field, filter, orderType }: ConnectionField): {
  readonly field: string;
  readonly declared: string;
} {
  const all = [
    ['first', 'Int'],
    ['last', 'Int'],
    ['after', 'String'],
    ['before', 'String'],
    ...(filter === null ? [] : [['filter', filter.name]]),
    ...(orderType === null ? [] : [['orderBy', orderType]]),
  ];
  return {
    field: `${field}(${all.map(([name]) => `${name}: $${name}`).join(', ')})`,
    declared: all.map(([name, type]) => `$${name}: ${type}`).join(', '),
  };
}

/** A document that selects something of the root, of the viewer's organization or of a node. */
function under(parent: string, variables: string, inner: string): string {
  if (parent === 'Query') return `query(${variables}) { ${inner} }`;
  if (parent === 'Organization')
    return `query(${variables}) { viewer { organization { ${inner} } } }`;
  return `query($id: ID!, ${variables}) { node(id: $id) { ... on ${parent} { ${inner} } } }`;
}

/** What such a document's answer holds at the place of `inner`. */
export function below(data: unknown): unknown {
  const { viewer, node } = data as { viewer?: { organization: unknown }; node?: unknown };
  return viewer?.organization ?? node ?? data;
}
