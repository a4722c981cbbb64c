import { type GraphQLField, type GraphQLObjectType, getNamedType, isEnumType } from 'graphql';
import { instant } from '../analytics/answer-sql.ts';
import { excerptColumn, fieldsOf, type ModelName } from '../db/columns.ts';
import { type Sql, sql, verbatim } from '../db/sql.ts';

/** Models whose nodes need READ and nothing more. */
const open = [
  'Repository',
  'Build',
  'Stage',
  'Submission',
  'TestCase',
  'TestResult',
  'FlakyTest',
  'Invocation',
] as const satisfies readonly ModelName[];

/** Fields that answer with their column though Pothos does not expose it as it stands: enums and 64-bit integers. */
const converted: Readonly<Partial<Record<ModelName, readonly string[]>>> = {
  Build: ['number', 'status', 'durationMs', 'queueDurationMs', 'pullRequest'],
  Stage: ['status', 'durationMs', 'queueDurationMs'],
  Submission: ['status'],
  TestResult: ['status', 'durationUs', 'guard'],
  FlakyTest: ['state', 'disruptorType'],
};

/** Fields that are made of columns. */
const derivations: Readonly<Record<string, Sql>> = {
  'Repository.fullName': sql`t.owner || '/' || t.name`,
  'TestResult.durationMs': sql`trim_scale(t.duration_us / 1000.0)`,
};

/** What makes the global id of a node, behind the name of its type. */
const ids: Readonly<Record<(typeof open)[number], Sql>> = {
  Repository: sql`t.id`,
  Build: sql`t.id`,
  Stage: sql`t.build_id || ':' || t.key`,
  Submission: sql`t.id`,
  TestCase: sql`t.id`,
  TestResult: sql`t.id`,
  FlakyTest: sql`t.test_case_id`,
  Invocation: sql`t.id`,
};

/** The model of a type whose rows can be answered by Postgres alone. */
export function openModel(type: GraphQLObjectType): ModelName | null {
  return open.find((model) => model === type.name) ?? null;
}

/**
 * The value of a field as Postgres writes it into JSON, over the alias `t`; null when it takes more than a column to
 * answer.
 */
export function plainValue(model: ModelName, field: GraphQLField<unknown, unknown>): Sql | null {
  if (field.args.length > 0) return null;
  if (field.name === 'id') return globalId(model);
  const derived = derivations[`${model}.${field.name}`];
  if (derived !== undefined) return derived;
  const isConverted = converted[model]?.includes(field.name) === true;
  const column = isConverted ? field.name : exposedColumn(field);
  if (column === null || !fieldsOf(model).includes(column)) return null;
  return valueOf(column, field);
}

function globalId(model: ModelName): Sql | null {
  const id = open.find((one) => one === model);
  if (id === undefined) return null;
  const text = sql`'${verbatim(model)}:' || ${ids[id]}`;
  return sql`translate(encode(convert_to(${text}, 'UTF8'), 'base64'), E'\\n', '')`;
}

/** The column that Pothos exposes as the field, if that is what it does. */
function exposedColumn({ extensions }: GraphQLField<unknown, unknown>): string | null {
  const { pothosExposedField: exposed, pothosOptions: options } = extensions;
  const hasScopes = typeof options === 'object' && options !== null && 'authScopes' in options;
  return typeof exposed === 'string' && !hasScopes ? exposed : null;
}

const asTheyAre = ['String', 'Int', 'Float', 'Boolean', 'SafeInt', 'JSONObject'];

function valueOf(column: string, field: GraphQLField<unknown, unknown>): Sql | null {
  const type = getNamedType(field.type);
  const value = excerptColumn(column);
  if (type.name === 'DateTime') return instant(value);
  if (asTheyAre.includes(type.name)) return value;
  const isItself =
    isEnumType(type) && type.getValues().every(({ name, value: own }) => name === own);
  return isItself ? value : null;
}
