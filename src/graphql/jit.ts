import {
  type DocumentNode,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
  type Source,
  valueFromASTUntyped,
  type VariableDefinitionNode,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';
import { createSqlAnswer } from './answer-in-sql.ts';
import type { GraphQLContext } from './context.ts';

type Compiled = Execute | 'seen once' | 'not compilable';

/**
 * Executes in a compiled way the queries that are asked more than once: Postgres writes the answer when it can, else
 * graphql-jit makes it. Compiling costs more than one plain execution. Everything else is graphql-js's: what cannot be
 * compiled, mutations (whose time goes into large variables, not into fields), and the check of variables, where
 * graphql-jit takes a list for an input object and says what is wrong in other words. Documents are kept by Yoga's
 * parser cache, so what is compiled here goes when they go.
 */
export function useJit(schema: GraphQLSchema, { hideSuggestions }: Hints): Plugin {
  const known = new WeakMap<OperationDefinitionNode, Compiled>();

  const compile = (
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ): Execute | 'not compilable' => {
    const result = compileQuery(schema, document, operation.name?.value);
    if (!isCompiledQuery(result)) return 'not compilable';
    return executorOf({ schema, document, operation, result, hideSuggestions });
  };

  return {
    onExecute({ args, setExecuteFn }: Hook) {
      setExecuteFn((asked: ExecutionArgs) => execute({ ...asked, hideSuggestions }));
      const operation = getOperationAST(args.document, args.operationName);
      if (operation?.operation !== OperationTypeNode.QUERY) return;

      const state = known.get(operation);
      if (state === undefined) known.set(operation, 'seen once');
      if (state === undefined || state === 'not compilable') return;
      const execution = state === 'seen once' ? compile(args.document, operation) : state;
      known.set(operation, execution);
      if (execution !== 'not compilable') setExecuteFn(execution);
    },
  };
}

/** Whether errors keep to themselves what else there is in the schema. */
interface Hints {
  readonly hideSuggestions: boolean;
}

interface Hook {
  readonly args: Pick<ExecutionArgs, 'document' | 'operationName'>;
  readonly setExecuteFn: (execute: Execute | ((args: ExecutionArgs) => unknown)) => void;
}

type Execute = (args: {
  readonly rootValue?: unknown;
  readonly contextValue?: unknown;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
}) => Promise<ExecutionResult>;

interface Compilation extends Hints {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly result: CompiledQuery;
}

function executorOf({
  schema,
  document,
  operation,
  result: { query },
  hideSuggestions,
}: Compilation): Execute {
  const { variableDefinitions = [], loc } = operation;
  const answer = createSqlAnswer(schema, document, operation);
  const defaults = defaultsOf(variableDefinitions);
  return async ({ rootValue, contextValue, variableValues }) => {
    const variables = variableValues ?? {};
    const options = { maxErrors: 50, hideSuggestions };
    const checked = getVariableValues(schema, variableDefinitions, variables, options);
    if (checked.errors !== undefined) return { errors: checked.errors };

    const ctx = contextValue as GraphQLContext; // Yoga's type says nothing of it
    const written = await answer(ctx, checked.coerced);
    if (written !== null) return written;

    const said = { ...defaults, ...variables };
    const { errors, data = null } = await query(rootValue, contextValue, said);
    if (errors === undefined) return { data };
    return { errors: errors.map((error) => likeGraphQLJs(error, loc?.source)), data };
  };
}

/** graphql-jit asks for a variable that may not be null even where it has a default. */
function defaultsOf(definitions: readonly VariableDefinitionNode[]): Record<string, unknown> {
  return Object.fromEntries(
    definitions.flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)]],
    ),
  );
}

/** graphql-jit's errors know their lines and columns, but not the text that these are of. */
function likeGraphQLJs(error: GraphQLError, source: Source | undefined): GraphQLError {
  const { message, path, originalError, locations = [] } = error;
  if (source === undefined) return error;
  const lineStarts = [0, ...Array.from(source.body.matchAll(/\r\n|\n|\r/g), endOf)];
  const positions = locations.map(({ line, column }) => (lineStarts[line - 1] ?? 0) + column - 1);
  return new GraphQLError(message, {
    source,
    positions,
    path: path ?? null,
    originalError: originalError ?? null,
  });
}

function endOf(match: RegExpExecArray): number {
  return match.index + match[0].length;
}
