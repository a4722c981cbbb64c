import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** What one document may hold. Depth and cost of what it asks are limited in complexity.ts. */
export const documentLimits = { tokens: 5_000, aliases: 30, directives: 50, introspectionDepth: 20 };

/** Refuses documents over the limits, before anything of them runs. Each refusal says how to stay under. */
export function useDocumentLimits({ introspection }: { introspection: boolean }): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => parseLimited(source, options));
    },
    onValidate({ addValidationRule }) {
      addValidationRule(limitDocument);
      if (!introspection) addValidationRule(NoSchemaIntrospectionCustomRule);
    },
  };
}

function parseLimited(source: string, options: object | undefined): DocumentNode {
  const maxTokens = documentLimits.tokens;
  try {
    return parse(source, { ...options, maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError && error.message.includes('tokens')) {
      throw refusal(
        `This document has more than ${String(maxTokens)} tokens, the limit. Send values as variables, and large ingests as several requests.`,
      );
    }
    throw error;
  }
}

function limitDocument(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  let directives = 0;
  return {
    Field(node) {
      if (node.alias !== undefined) aliases += 1;
      if (node.name.value !== '__schema' && node.name.value !== '__type') return;
      if (node.selectionSet === undefined) return;
      const depth = depthOf(node.selectionSet, context, new Set());
      if (depth > documentLimits.introspectionDepth) {
        context.reportError(
          refusal(
            `This introspection is ${String(depth)} levels deep; the limit is ${String(documentLimits.introspectionDepth)}. Ask for fewer nested ofType and fields.`,
          ),
        );
      }
    },
    Directive() {
      directives += 1;
    },
    Document: {
      leave() {
        if (aliases > documentLimits.aliases) {
          context.reportError(
            refusal(
              `This document has ${String(aliases)} aliases; the limit is ${String(documentLimits.aliases)}. Ask for many things of a kind with nodes(ids:) or a filter.`,
            ),
          );
        }
        if (directives > documentLimits.directives) {
          context.reportError(
            refusal(
              `This document has ${String(directives)} directives; the limit is ${String(documentLimits.directives)}. Put one @include or @skip on a fragment instead of on each field.`,
            ),
          );
        }
      },
    },
  };
}

/** Levels of fields. A fragment that holds itself is another rule's to refuse: it is not entered twice. */
function depthOf(
  { selections }: SelectionSetNode,
  context: ValidationContext,
  entered: ReadonlySet<FragmentDefinitionNode>,
): number {
  const depths = selections.map((selection) => {
    if (selection.kind === Kind.FIELD) {
      return selection.selectionSet ? 1 + depthOf(selection.selectionSet, context, entered) : 1;
    }
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return depthOf(selection.selectionSet, context, entered);
    }
    const fragment = context.getFragment(selection.name.value);
    if (!fragment || entered.has(fragment)) return 0;
    return depthOf(fragment.selectionSet, context, new Set([...entered, fragment]));
  });
  return Math.max(0, ...depths);
}

function refusal(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'DOCUMENT_TOO_LARGE' } });
}
