import { column } from '../db/columns.ts';
import { type Sql, sql, verbatim } from '../db/sql.ts';
import { ValidationError } from '../errors.ts';

/** A filter as a door passes it on: what is absent or null asks nothing. */
export type Asked<Shape> = { readonly [Key in keyof Shape]?: Shape[Key] | null | undefined };

/** An interval of time: `from` belongs to it, `to` does not. */
export type TimeRange = Asked<{ from: Date; to: Date }>;

type PostgresType =
  | 'text'
  | 'uuid'
  | 'bigint'
  | 'boolean'
  | 'build_status'
  | 'stage_status'
  | 'test_status'
  | 'submission_kind'
  | 'submission_status'
  | 'invocation_status'
  | 'target_status'
  | 'flaky_state'
  | 'disruptor_type'
  | 'evidence_kind'
  | 'transition_rule'
  | 'agent_status'
  | 'finding_severity'
  | 'webhook_provider'
  | 'webhook_delivery_status'
  | 'quarantine_mode';

/** `column = value`, if there is a value. */
export function equals(
  field: string,
  value: string | number | bigint | boolean | null | undefined,
  type: PostgresType = 'text',
): Sql[] {
  if (value == null) return [];
  return [sql`${column(field)} = ${value}::${verbatim(type)}`];
}

/** `column` is one of the values, if there is a list; an empty list matches nothing. */
export function oneOf(
  field: string,
  values: readonly string[] | null | undefined,
  type: PostgresType = 'text',
): Sql[] {
  if (values == null) return [];
  const [only, ...others] = values;
  // An equality lets an index on (…, column, time) also give the order; = ANY would not.
  if (only !== undefined && others.length === 0) return equals(field, only, type);
  return [sql`${column(field)} = ANY (${values}::${verbatim(type)}[])`];
}

/** The time lies in the range. */
export function during(time: Sql, range: TimeRange | null | undefined): Sql[] {
  return [
    ...(range?.from == null ? [] : [sql`${time} >= ${range.from}::timestamptz`]),
    ...(range?.to == null ? [] : [sql`${time} < ${range.to}::timestamptz`]),
  ];
}

/** Postgres looks for a text at every place of another one: a long one takes a minute. */
const longestWords = 1_000;

/**
 * The text contains the words, whatever their case; `%` and `_` stand for themselves.
 *
 * @throws {ValidationError} for more than 1,000 characters
 */
export function contains(text: Sql, words: string | null | undefined): Sql[] {
  if (words == null || words === '') return [];
  if (words.length > longestWords) {
    const message = 'must look for at most 1,000 characters';
    throw new ValidationError([{ path: ['filter'], message }]);
  }
  return [sql`${text} ILIKE ${`%${words.replace(/[\\%_]/g, '\\$&')}%`}`];
}

export interface RepositoryFilter {
  repositoryId: string;
  /** `owner/name`, in any letter case. */
  repository: string;
}

/** The row belongs to the repository, named by id or by `owner/name`. */
export function inRepository({ repositoryId, repository }: Asked<RepositoryFilter>): Sql[] {
  return [
    ...equals('repositoryId', repositoryId, 'uuid'),
    ...(repository == null
      ? []
      : [
          sql`t.repository_id = (SELECT r.id FROM repositories r
            WHERE r.organization_id = t.organization_id AND r.slug = lower(${repository}))`,
        ]),
  ];
}

/** The build that the row belongs to fulfils all conditions, which speak of it as `b`. */
export function ofBuild(conditions: readonly Sql[]): Sql[] {
  if (conditions.length === 0) return [];
  const all = conditions.reduce((left, right) => sql`${left} AND ${right}`);
  return [
    sql`EXISTS (SELECT FROM builds b
      WHERE b.organization_id = t.organization_id AND b.id = t.build_id AND ${all})`,
  ];
}

/** The suite, class, name or file of the test case that the row belongs to contains the words. */
export function ofTestCaseContaining(words: string | null | undefined): Sql[] {
  const text = sql`(c.suite || ' ' || c.class_name || ' ' || c.name || ' ' || c.file)`;
  return contains(text, words).map(
    (matches) => sql`EXISTS (SELECT FROM test_cases c
      WHERE c.organization_id = t.organization_id AND c.id = t.test_case_id AND ${matches})`,
  );
}
