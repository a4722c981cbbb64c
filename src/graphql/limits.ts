import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  validate,
  type ValidationContext,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { sizeOf, type Sizes } from './selection-size.ts';

/** What one document may hold. Depth and cost of what it asks are limited in complexity.ts. */
const documentLimits = {
  characters: 100_000,
  tokens: 5_000,
  aliases: 30,
  directives: 50,
  fields: 5_000,
  introspectionDepth: 20,
  introspectionAliases: 5,
} as const;

const { characters, tokens, introspectionDepth, introspectionAliases } = documentLimits;

/** Refuses documents over the limits, before anything of them runs. Each refusal says how to stay under. */
export function useDocumentLimits({ introspection }: { introspection: boolean }): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string, options?: object) => parseLimited(source, options));
    },
    onValidate({ addValidationRule, setValidationFn }) {
      addValidationRule(limitDocument);
      if (!introspection) {
        addValidationRule(NoSchemaIntrospectionCustomRule);
        setValidationFn(validateWithoutHints);
      }
      return ({ result, setResult }) => {
        // graphql-js stops comparing selections when they are too many, and says no more than that.
        if (result.some(isAborted)) setResult([tooManyAlike()]);
      };
    },
  };
}

const overTokens = 'Syntax Error: Document contains more';

/** "Did you mean …?" tells a patient guesser the whole schema. */
const validateWithoutHints: typeof validate = (schema, document, rules) =>
  validate(schema, document, rules, { hideSuggestions: true });

function parseLimited(source: string, options: object | undefined): DocumentNode {
  const advice = 'Send values as variables, and large ingests as several requests.';
  if (source.length > characters) {
    throw refusal(
      `This document has ${source.length} characters; the limit is ${characters}. ${advice}`,
    );
  }
  try {
    return parse(source, { ...options, maxTokens: tokens });
  } catch (error) {
    if (error instanceof GraphQLError && error.message.startsWith(overTokens)) {
      throw refusal(`This document has more than ${tokens} tokens, the limit. ${advice}`);
    }
    if (error instanceof RangeError) {
      throw refusal(`This document nests too many levels. ${advice}`); // the parser's stack is full
    }
    throw error;
  }
}

function limitDocument(context: ValidationContext): ASTVisitor {
  const sizes: Sizes = new Map();
  let aliases = 0;
  let directives = 0;
  let schemas = 0;
  const refuse = (is: number, limit: number, what: string, advice: string): void => {
    if (is <= limit) return;
    context.reportError(refusal(`This ${what}; the limit is ${limit}. ${advice}`));
  };
  return {
    OperationDefinition(node) {
      const { fields } = sizeOf(node.selectionSet, context, sizes);
      const what = `document selects ${fields} fields, counting each fragment where it is spread`;
      refuse(fields, documentLimits.fields, what, 'Spread fragments less often.');
    },
    Field(node) {
      if (node.alias !== undefined) aliases += 1;
      if (node.name.value === '__schema') schemas += 1;
      else if (node.name.value !== '__type') return;
      const below = node.selectionSet && sizeOf(node.selectionSet, context, sizes);
      if (below === undefined) return;
      const deep = `introspection is ${below.depth} levels deep`;
      refuse(below.depth, introspectionDepth, deep, 'Ask for fewer nested ofType and fields.');
      const aliased = `introspection has ${below.aliases} aliases`;
      refuse(below.aliases, introspectionAliases, aliased, 'Ask for each list once.');
    },
    Directive() {
      directives += 1;
    },
    Document: {
      leave() {
        const often = `document asks for __schema ${schemas} times`;
        refuse(schemas, introspectionAliases, often, 'Ask for it once.');
        const named = 'Ask for many things of a kind with nodes(ids:) or a filter.';
        refuse(aliases, documentLimits.aliases, `document has ${aliases} aliases`, named);
        const fragment = 'Put one @include or @skip on a fragment instead of on each field.';
        refuse(
          directives,
          documentLimits.directives,
          `document has ${directives} directives`,
          fragment,
        );
      },
    },
  };
}

function isAborted(error: { readonly message: string }): boolean {
  return error.message === 'Validation aborted.';
}

function tooManyAlike(): GraphQLError {
  return refusal(
    'This document selects the same fields too often to be checked. Select each once, and spread fragments less often.',
  );
}

function refusal(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'DOCUMENT_TOO_LARGE' },
  });
}
