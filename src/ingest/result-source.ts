import { type Queryable, query, type Sql, sql, verbatim } from '../db/sql.ts';
import type {
  IdentifiedResult,
  IdentifiedResults,
  IdentifiedTestCase,
} from './identify-results.ts';

/**
 * Where the rows of one write come from: the parameters of the statement, or tables they were staged in. All of
 * them stand in a statement under the alias `said`.
 */
export interface ResultSource {
  /** Columns as in `testCaseColumns`. */
  readonly testCases: Sql;
  /** Columns as in `resultColumns`; `q` is the test case that was named, when the result counts for another. */
  readonly results: Sql;
  /** Column `id`: their test cases. */
  readonly testCaseIds: Sql;
  /** How many files the results come from. */
  readonly fileCount: number;
}

const testCaseColumns = verbatim(
  'id text, suite text, class_name text, name text, file text, variant text, first_seen_at timestamptz',
);

const resultColumns = verbatim(
  'f int, i text, t text, a int, at timestamptz, s test_status, w text, d bigint, m text, b text, y text, o text, l int, p jsonb, q text',
);

/** Rows that travel with the statement. */
export function rowsInPlace(identified: IdentifiedResults, fileCount: number): ResultSource {
  return {
    testCases: testCaseRecords(identified.testCases),
    testCaseIds: sql`unnest(${identified.testCases.map(({ id }) => id)}::text[]) AS said (id)`,
    results: resultRecords(identified.results),
    fileCount,
  };
}

/** Tables of this transaction alone, for more rows than memory should hold. */
export interface Stage {
  readonly add: (identified: IdentifiedResults) => Promise<void>;
  readonly source: (fileCount: number) => Promise<ResultSource>;
}

/**
 * Makes empty staging tables. Nothing else waits while rows are staged: locks that others need are taken
 * when all of them are written at once, in one order.
 */
export async function createStage(tx: Queryable): Promise<Stage> {
  await query(tx, sql`CREATE TEMP TABLE staged_test_cases (${testCaseColumns}) ON COMMIT DROP`);
  await query(tx, sql`CREATE TEMP TABLE staged_results (${resultColumns}) ON COMMIT DROP`);
  return {
    add: async ({ testCases, results }) => {
      await query(
        tx,
        sql`INSERT INTO pg_temp.staged_test_cases SELECT * FROM ${testCaseRecords(testCases)}`,
      );
      await query(
        tx,
        sql`INSERT INTO pg_temp.staged_results SELECT * FROM ${resultRecords(results)}`,
      );
    },
    source: async (fileCount) => {
      await query(tx, sql`ANALYZE pg_temp.staged_test_cases, pg_temp.staged_results`);
      return {
        testCases: sql`(SELECT DISTINCT ON (id) * FROM pg_temp.staged_test_cases ORDER BY id, first_seen_at) said`,
        testCaseIds: sql`pg_temp.staged_test_cases said`,
        results: sql`(SELECT DISTINCT ON (at, i) * FROM pg_temp.staged_results ORDER BY at, i, f) said`,
        fileCount,
      };
    },
  };
}

function testCaseRecords(testCases: readonly IdentifiedTestCase[]): Sql {
  // Field by field: taking the rest of each object apart costs several times as much.
  const records = testCases.map((testCase) => ({
    id: testCase.id,
    suite: testCase.suite,
    class_name: testCase.className,
    name: testCase.name,
    file: testCase.file,
    variant: testCase.variant,
    first_seen_at: testCase.firstSeenAt,
  }));
  return sql`json_to_recordset(${JSON.stringify(records)}::json) AS said (${testCaseColumns})`;
}

function resultRecords(results: readonly IdentifiedResult[]): Sql {
  const records = results.map(({ file, id, testCaseId, attempt, recordedAt, result }) => ({
    f: file,
    i: id,
    t: testCaseId,
    a: attempt,
    at: recordedAt,
    s: result.status,
    w: result.statusRaw ?? result.status,
    d: result.durationUs,
    m: result.message,
    b: result.stackTrace,
    y: result.failureType,
    o: result.output,
    l: result.line,
    p: result.properties,
  }));
  return sql`json_to_recordset(${JSON.stringify(records)}::json) AS said (${resultColumns})`;
}
