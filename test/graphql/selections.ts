import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

type Field = GraphQLField<unknown, unknown>;

/** An object type by its name. */
export function objectType(schema: GraphQLSchema, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object type`);
  return type;
}

/** Fields of a type that hold values. */
function leaves(type: GraphQLObjectType): string[] {
  return fieldsOf(type)
    .filter((field) => isLeafType(getNullableType(getNamedType(field.type))))
    .map(({ name }) => name);
}

/** Fields of a type that hold one object. */
function relations(type: GraphQLObjectType): [name: string, type: GraphQLObjectType][] {
  return fieldsOf(type).flatMap((field): [string, GraphQLObjectType][] => {
    const target = getNamedType(field.type);
    return isObjectType(target) && !target.name.endsWith('Connection')
      ? [[field.name, target]]
      : [];
  });
}

/** Every field of a type, each with the least that must be selected below it. */
export function fieldSelections(type: GraphQLObjectType): [name: string, selection: string][] {
  return fieldsOf(type).map((field) => [field.name, selectionOf(field)]);
}

/** All values of a type and all values of what it points at. */
export function everything(type: GraphQLObjectType): string {
  const below = relations(type).map(([name, target]) => `${name} { ${leaves(target).join(' ')} }`);
  return [...leaves(type), ...below].join(' ');
}

function selectionOf({ name, type }: Field): string {
  const target = getNamedType(type);
  if (!isObjectType(target)) return name;
  if (!target.name.endsWith('Connection')) return `${name} { ${leaves(target).join(' ')} }`;
  return `${name}(first: 3) { totalCount edges { cursor } pageInfo { hasNextPage endCursor } }`;
}

function fieldsOf(type: GraphQLObjectType): Field[] {
  const fields = Object.values(type.getFields()).filter(
    ({ name }) => !askedElsewhere.includes(`${type.name}.${name}`),
  );
  const needy = fields.filter((field) => field.args.some(isRequiredArgument));
  if (needy.length > 0)
    throw new Error(
      `tests cannot ask for ${type.name}.${needy.map(({ name }) => name).join(', ')}`,
    );
  return fields;
}

/** Fields that read a blob, which no row of a dataset has, or need an argument; they have tests of their own. */
const askedElsewhere = ['BuildLog.text', 'BuildLog.lines', 'BuildLog.search', 'Repository.job'];
