import {
  DEFAULT_DEPRECATION_REASON,
  Kind,
  parse,
  visit,
  type ASTNode,
  type DirectiveDefinitionNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type TypeDefinitionNode,
} from 'graphql';

/** What a reader of the schema meets; input values are arguments and input fields. */
type Definition =
  | DirectiveDefinitionNode
  | EnumValueDefinitionNode
  | FieldDefinitionNode
  | InputValueDefinitionNode
  | TypeDefinitionNode;

const DEFINITIONS: ReadonlySet<Kind> = new Set<Definition['kind']>([
  Kind.DIRECTIVE_DEFINITION,
  Kind.ENUM_TYPE_DEFINITION,
  Kind.ENUM_VALUE_DEFINITION,
  Kind.FIELD_DEFINITION,
  Kind.INPUT_OBJECT_TYPE_DEFINITION,
  Kind.INPUT_VALUE_DEFINITION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.SCALAR_TYPE_DEFINITION,
  Kind.UNION_TYPE_DEFINITION,
]);

/**
 * Says what a schema leaves unsaid: each definition without a description and each deprecation without
 * a reason of its own, by path (`Build.stages.first`).
 */
export function schemaProblems(sdl: string): string[] {
  const problems: string[] = [];
  const names: string[] = [];

  visit(parse(sdl), {
    enter(node) {
      if (!isDefinition(node)) return;
      names.push(node.name.value);
      const path = names.join('.');
      if (!isText(node.description?.value)) problems.push(`${path} has no description`);
      if (!isDeprecatedWell(node)) problems.push(`${path} is deprecated without a reason`);
    },
    leave(node) {
      if (isDefinition(node)) names.pop();
    },
  });
  return problems;
}

function isDefinition(node: ASTNode): node is Definition {
  return DEFINITIONS.has(node.kind);
}

function isDeprecatedWell(node: Definition): boolean {
  const directives = 'directives' in node ? (node.directives ?? []) : [];
  return directives
    .filter(({ name }) => name.value === 'deprecated')
    .every(({ arguments: args = [] }) =>
      args.some(({ value }) => value.kind === Kind.STRING && isText(value.value)),
    );
}

/** The default reason of the specification says nothing. */
function isText(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '' && text !== DEFAULT_DEPRECATION_REASON;
}
