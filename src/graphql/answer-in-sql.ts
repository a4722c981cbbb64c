import type {
  DocumentNode,
  ExecutionResult,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import { answerOf } from '../analytics/answer-sql.ts';
import { join, type Sql, sql, verbatim } from '../db/sql.ts';
import { ValidationError } from '../errors.ts';
import { answerShape, type RootMember } from './answer-shape.ts';
import type { GraphQLContext } from './context.ts';

type Answer = (
  ctx: GraphQLContext,
  variables: Readonly<Record<string, unknown>>,
) => Promise<ExecutionResult | null>;

/** An answer that is JSON already; Yoga sends what `stringify` gives. */
interface WrittenResult extends ExecutionResult {
  readonly stringify: () => string;
}

/** Of each document: with other variables it is made anew, which costs less than a millisecond. */
const mostKept = 10;

/**
 * Makes a function that has Postgres write the whole answer to a query as JSON: no row is parsed, resolved and
 * written again. It gives null for what takes more than columns, rows and lists, for whoever may not read, and where
 * the statement fails: the usual way then answers, or says what is wrong.
 */
export function createSqlAnswer(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Answer {
  const known = new Map<string, Written | null>();

  const writtenFor = (
    organizationId: string,
    variables: Readonly<Record<string, unknown>>,
  ): Written | null => {
    const key = `${organizationId} ${JSON.stringify(variables)}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const shape = answerShape(schema, document, operation, variables);
    const made = shape && { shape, statement: statementOf(organizationId, shape) };
    if (known.size >= mostKept) known.clear();
    known.set(key, made);
    return made;
  };

  return async ({ db, tenant, log }, variables) => {
    if (!tenant.capabilities.includes('READ')) return null;
    try {
      const made = writtenFor(tenant.organizationId, variables);
      if (made === null) return null;
      const [row] = await db.read<Record<string, string>>(made.statement);
      return row === undefined ? null : toResult(made.shape, row);
    } catch (error) {
      // What a caller can mend is refused by the resolvers, which know its place.
      if (!(error instanceof ValidationError)) {
        log.error({ err: error }, 'an answer could not be written by Postgres');
      }
      return null;
    }
  };
}

/** How a query with these variables is answered for one organization. */
interface Written {
  readonly shape: readonly RootMember[];
  readonly statement: Sql;
}

function statementOf(organizationId: string, shape: readonly RootMember[]): Sql {
  const columns = shape.flatMap((member, index) =>
    member.kind === 'list'
      ? [
          sql`row_to_json(${answerOf(organizationId, member.answer, null)})::text AS "${columnName(index)}"`,
        ]
      : [],
  );
  return sql`SELECT ${columns.length === 0 ? sql`1` : join(columns)}`;
}

function columnName(index: number): Sql {
  return verbatim(`answer${String(index)}`);
}

function toResult(
  shape: readonly RootMember[],
  row: Readonly<Record<string, string>>,
): WrittenResult {
  const members = shape.map((member, index) => {
    const value =
      member.kind === 'list' ? row[`answer${String(index)}`] : JSON.stringify(member.value);
    return `${JSON.stringify(member.name)}:${value ?? 'null'}`;
  });
  const json = `{${members.join(',')}}`;
  return {
    get data() {
      return JSON.parse(json) as Record<string, unknown>; // for whoever looks into it
    },
    stringify: () => `{"data":${json}}`,
  };
}
