import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  type DocumentNode,
  type ExecutionArgs,
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  isListType,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
  visit,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type IntervalName, intervals } from '../analytics/interval-edges.ts';
import { defaultPageSize, maxPageSize } from '../analytics/page-request.ts';
import type { AskedWindow } from '../domain/score-window.ts';
import type { GraphQLContext } from './context.ts';
import { dayMs } from '../domain/time.ts';
import { daysUnasked } from '../domain/windows.ts';

/** Points and levels one operation may cost. A field is a point; a connection multiplies by its page size. */
const limits = { complexity: 50_000, depth: 15 } as const;

interface Sized {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly limit?: number | null;
  readonly ids?: readonly unknown[];
  readonly days?: number | null;
  readonly interval?: IntervalName | null;
  readonly window?: AskedWindow | null;
  readonly from?: Date | null;
  readonly to?: Date | null;
}

/** What reads and weighs all tests of a repository costs as much as thousands of fields. */
const pointsOfRepository: ReadonlyMap<string, number> = new Map([
  ['compareTests', 5_000],
  ['coFailureClusters', 5_000],
  ['testDurationRegressions', 5_000],
  ['slowestTests', 1_000],
  ['stageStatistics', 1_000],
]);

/** What one field costs, and by how much what is below it counts. */
export function fieldComplexity(
  args: Sized,
  _ctx: unknown,
  { name, type }: Pick<GraphQLField<unknown, unknown>, 'name' | 'type'>,
): { field: number; multiplier: number } {
  const own = pointsOfRepository.get(name) ?? 1;
  if (getNamedType(type).name.endsWith('Connection')) {
    return {
      field: own + intervalsOf(args),
      multiplier: multiplierOf(args.first ?? args.last ?? defaultPageSize),
    };
  }
  // The page size is counted where it is given: at the connection.
  if (name === 'edges' || name === 'nodes') {
    return { field: 0, multiplier: multiplierOf(args.ids?.length ?? 1) };
  }
  if (longTexts.has(name)) return { field: 10, multiplier: 1 };
  // A day is a handful of numbers: ten of them count as one item.
  const days = Math.max(10, (args.days ?? 0) / 10);
  const inList = args.first == null ? days : multiplierOf(args.first);
  const items = isListType(getNullableType(type)) ? inList : 1;
  return { field: own + items * intervalsOf(args), multiplier: items };
}

/** How many intervals figures are asked for, about: each counts as a field, however few of its own are asked. */
function intervalsOf({ interval, window, ...args }: Sized): number {
  if (interval == null) return 0;
  const { days, from, to } = window ?? args;
  const isSpan = days == null && from != null && to != null;
  const lengthMs = isSpan ? to.getTime() - from.getTime() : (days ?? daysUnasked) * dayMs;
  return Math.max(0, Math.ceil(lengthMs / intervals[interval].ms));
}

/** Up to 10,000 characters each: an answer of many must fit into memory. */
const longTexts = new Set(['message', 'stackTrace', 'output']);

/** A size over the limit counts as the limit: it is refused with words of its own. */
function multiplierOf(size: number): number {
  return Math.min(maxPageSize, Math.max(1, size));
}

/**
 * Refuses operations that are too deep or may cost too much, as a whole, before anything of them runs:
 * a query is not even compiled, a subscription not begun.
 */
export function useOperationLimits(schema: GraphQLSchema): Plugin<GraphQLContext> {
  // What a document costs, where variables do not decide it. Goes when Yoga's parser cache lets the document go.
  const fixed = new WeakMap<OperationDefinitionNode, Cost>();
  const check = ({ args }: { args: Pick<ExecutionArgs, Checked> }): void => {
    const operation = getOperationAST(args.document, args.operationName);
    if (operation == null) return;
    const cost = fixed.get(operation) ?? costOf(schema, operation, args);
    if (cost === null) return;
    if (!fixed.has(operation) && !isSizedByVariables(args.document)) fixed.set(operation, cost);
    const { complexity, depth } = cost;
    if (depth > limits.depth) throw tooDeep(depth);
    if (complexity > limits.complexity) throw tooComplex(complexity);
  };
  return { onExecute: check, onSubscribe: check };
}

interface Cost {
  readonly complexity: number;
  readonly depth: number;
}

/** Whether a variable says how many items are asked for. */
function isSizedByVariables(document: DocumentNode): boolean {
  let isSized = false;
  visit(document, {
    Argument: ({ name, value }) => {
      if (sizes.has(name.value) && holdsVariable(value)) isSized = true;
    },
  });
  return isSized;
}

function holdsVariable(value: ValueNode): boolean {
  let isFound = false;
  visit(value, {
    Variable: () => {
      isFound = true;
    },
  });
  return isFound;
}

const sizes: ReadonlySet<string> = new Set<keyof Sized>([
  ...(['first', 'last', 'limit', 'ids', 'days'] as const),
  ...(['interval', 'window', 'from', 'to'] as const),
]);

/**
 * Null when the variables do not fit: the execution says so. They are not checked here before: that takes as
 * long as all else of a request with thousands of results.
 */
function costOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  { document, variableValues, contextValue }: Pick<ExecutionArgs, Checked>,
): Cost | null {
  const variables = variableValues ?? {};
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  try {
    return complexityFromQuery(
      { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] },
      { schema, variables, ctx: contextValue as object },
    );
  } catch (error) {
    const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    if (errors !== undefined) return null;
    throw error;
  }
}

type Checked = 'document' | 'operationName' | 'variableValues' | 'contextValue';

function tooDeep(depth: number): GraphQLError {
  return refusal(
    `This operation is ${depth} levels deep; the limit is ${limits.depth}. Ask for the inner part by its id with node(id:).`,
  );
}

function tooComplex(points: number): GraphQLError {
  return refusal(
    `This operation may cost ${points} points; the limit is ${limits.complexity}. Each field is a point, a connection multiplies by its page size, intervals and comparisons of whole repositories count for many: ask for smaller pages (first, last), fewer nested connections, or longer intervals.`,
  );
}

function refusal(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400 } },
  });
}
