import { type ExecutionArgs, getOperationAST, Kind } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Tenant } from '../context.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { GraphQLContext } from './context.ts';

/**
 * Who asks without a key: nobody. The schema is public, so that GraphiQL and code generators work
 * before there is a key; anything else is refused.
 */
export const nobody: Tenant = {
  organizationId: '00000000-0000-0000-0000-000000000000',
  apiKeyId: '00000000-0000-0000-0000-000000000000',
  capabilities: [],
};

type Checked = Pick<ExecutionArgs, 'document' | 'operationName'> & {
  readonly contextValue: GraphQLContext;
};

/** Refuses whatever asks for more than the schema without a key, as a whole, with 401. */
export function useRequiredKey(): Plugin<GraphQLContext> {
  const check = ({ args }: { readonly args: Checked }): void => {
    if (args.contextValue.tenant !== nobody) return;
    const operation = getOperationAST(args.document, args.operationName);
    const isPublic = operation?.selectionSet.selections.every(
      (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
    );
    if (isPublic !== true) {
      throw new UnauthenticatedError(
        'This needs an API key: send it as the header "Authorization: Bearer KEY".',
      );
    }
  };
  return { onExecute: check, onSubscribe: check };
}
