import { expect, test } from 'vitest';
import { schemaProblems } from '../../scripts/schema-problems.ts';

test('a schema that describes everything has no problem', () => {
  const problems = schemaProblems(`
    "All questions."
    type Query {
      "The builds."
      builds("How many." first: Int): Int @deprecated(reason: "Use runs.")
    }
  `);

  expect(problems).toEqual([]);
});

test('each definition without a description is named by its path', () => {
  const problems = schemaProblems(`
    type Query { builds(first: Int): Int }
    enum Status { OK }
    input Filter { "" name: String }
    union Result = Query
    scalar Time
    interface Node { "The id." id: ID }
    directive @cached(seconds: Int) on FIELD
  `);

  expect(problems.map((problem) => problem.replace(' has no description', ''))).toEqual([
    'Query',
    'Query.builds',
    'Query.builds.first',
    'Status',
    'Status.OK',
    'Filter',
    'Filter.name',
    'Result',
    'Time',
    'Node',
    'cached',
    'cached.seconds',
  ]);
});

test('a deprecation says why: no reason, an empty one and the default one are problems', () => {
  const problems = schemaProblems(`
    "All questions."
    type Query {
      "One." one: Int @deprecated
      "Two." two("Page." first: Int @deprecated(reason: " ")): Int
      "Three." three: Int @deprecated(reason: "No longer supported")
    }
  `);

  expect(problems).toEqual([
    'Query.one is deprecated without a reason',
    'Query.two.first is deprecated without a reason',
    'Query.three is deprecated without a reason',
  ]);
});
