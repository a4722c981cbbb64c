import { execute, getOperationAST, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';

type Compiled = CompiledQuery | 'seen once' | 'not compilable';

/**
 * Executes with graphql-jit what is asked more than once: compiling costs more than one plain execution.
 * What it cannot compile is executed by graphql-js. Documents are kept by Yoga's parser cache, so what
 * is compiled here goes when they go.
 */
export function useJit(schema: GraphQLSchema): Plugin {
  const known = new WeakMap<DocumentNode, Map<string, Compiled>>();

  function compiledFor(document: DocumentNode, operationName: string): CompiledQuery | null {
    const byName = known.get(document) ?? new Map<string, Compiled>();
    known.set(document, byName);
    const state = byName.get(operationName);
    if (state === undefined) {
      byName.set(operationName, 'seen once');
      return null;
    }
    if (state === 'not compilable') return null;
    if (state !== 'seen once') return state;

    const result = compileQuery(schema, document, operationName);
    byName.set(operationName, isCompiledQuery(result) ? result : 'not compilable');
    return isCompiledQuery(result) ? result : null;
  }

  return {
    onExecute({ args, setExecuteFn }) {
      const operation = getOperationAST(args.document, args.operationName);
      if (operation === null || operation === undefined) return;
      const compiled = compiledFor(args.document, operation.name?.value ?? '');
      if (compiled === null) {
        setExecuteFn(execute);
        return;
      }
      setExecuteFn(
        ({ rootValue, contextValue, variableValues }): ExecutionResult | Promise<ExecutionResult> =>
          compiled.query(rootValue, contextValue, variableValues ?? {}),
      );
    },
  };
}
