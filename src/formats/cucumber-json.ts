import { worstOf } from './cucumber-status.ts';
import { createJsonReader } from './json-report.ts';
import { selectPaths } from './json-paths.ts';
import {
  fieldOf,
  itemsOf,
  lineOf,
  numberOf,
  textOf,
  textsOf,
  toMicroseconds,
} from './json-values.ts';
import { parseTimestamp } from './junit-values.ts';
import type { ReportEvent, ReportReader } from './report-events.ts';
import { createWarnings } from './report-warnings.ts';
import { createTestEvents, type FailureWords, type TestRun } from './test-events.ts';

const MICROSECONDS_PER_NANOSECOND = 0.001;

/** Screenshots and source text. */
const IGNORED_KEYS: ReadonlySet<string> = new Set([
  'embeddings',
  'rows',
  'doc_string',
  'arguments',
  'match',
]);

/** By name, the lines on which scenarios of a feature stand and their numbers, from 1. */
type LinesOfName = Map<string, Map<number | null, number>>;

/**
 * Makes the reader for one Cucumber JSON report, as Cucumber for Ruby, Java and JavaScript, Behave and others write it. The
 * feature is the suite. The steps of a `background` and the hooks count with the scenario that follows; a row of
 * examples is a test of its own, told by its number in `id`, else by its line; a scenario that stands there twice has two attempts.
 */
export function createCucumberJsonReader(): ReportReader {
  const events = createTestEvents();
  const warnings = createWarnings();
  const select = selectPaths(['*']);
  let isList = false;

  function readFeature(feature: unknown): readonly ReportEvent[] {
    if (fieldOf(feature, 'elements') === undefined && textOf(feature, 'keyword') === '') {
      warnings.add('SKIPPED_ITEM', 'Items that are no features were skipped');
      return [];
    }
    const suite = events.suite([textOf(feature, 'name')]);
    return [...suite, ...runsOf(feature).flatMap((run) => events.attempt(run))];
  }

  return createJsonReader({
    ignoredKeys: IGNORED_KEYS,
    open(path, kind) {
      if (path.length === 0) isList = kind === 'ARRAY';
      return isList ? select(path) : 'SKIP';
    },
    value: (_path, value) => readFeature(value),
    end: () => warnings.events(),
    missing: () =>
      isList ? undefined : 'The JSON is no list of features, which a report of Cucumber is.',
  });
}

function runsOf(feature: unknown): readonly TestRun[] {
  const runs: TestRun[] = [];
  const linesOfName = new Map<string, Map<number | null, number>>();
  let background: readonly unknown[] = [];
  for (const element of itemsOf(feature, 'elements')) {
    if (textOf(element, 'type') === 'background') {
      background = stepsOf(element);
      continue;
    }
    runs.push(runOf(feature, element, [...background, ...stepsOf(element)], linesOfName));
    background = [];
  }
  return runs;
}

function runOf(
  feature: unknown,
  element: unknown,
  steps: readonly unknown[],
  linesOfName: LinesOfName,
): TestRun {
  const results = steps.map((step) => fieldOf(step, 'result'));
  const tags = itemsOf(element, 'tags')
    .map((tag) => textOf(tag, 'name'))
    .filter(Boolean);
  return {
    suites: [textOf(feature, 'name')],
    name: nameOf(element, linesOfName),
    file: textOf(feature, 'uri'),
    line: lineOf(element),
    ...worstOf(results.map((result) => textOf(result, 'status')).filter(Boolean)),
    durationUs: sumOf(results.map((result) => numberOf(result, 'duration'))),
    failures: results.filter((result) => textOf(result, 'error_message') !== '').map(failureOf),
    output: { out: steps.flatMap((step) => textsOf(step, 'output')).join('\n'), err: '' },
    startedAt: parseTimestamp(textOf(element, 'start_timestamp')),
    ...(tags.length > 0 && { properties: { tags: tags.join(', ') } }),
  };
}

/** Its hooks and steps, in the order in which they ran. */
function stepsOf(element: unknown): readonly unknown[] {
  const steps = itemsOf(element, 'steps').flatMap((step) => [
    ...itemsOf(step, 'before'),
    step,
    ...itemsOf(step, 'after'),
  ]);
  return [...itemsOf(element, 'before'), ...steps, ...itemsOf(element, 'after')];
}

/**
 * Rows of examples share the name of their outline. Their `id` ends in the name of the examples and the number of the
 * row, the header being 1; where it does not, scenarios of one name on several lines are numbered.
 */
function nameOf(element: unknown, linesOfName: LinesOfName): string {
  const name = textOf(element, 'name');
  const [, , examples, row] = textOf(element, 'id').split(';');
  if (row !== undefined && /^\d{1,9}$/.test(row))
    return `${name}${examples ? ` ${examples}` : ''} #${Number(row) - 1}`;

  const lines = linesOfName.get(name) ?? new Map<number | null, number>();
  linesOfName.set(name, lines);
  const line = lineOf(element);
  const number = lines.get(line) ?? lines.size + 1;
  lines.set(line, number);
  return number === 1 ? name : `${name} #${number}`;
}

function sumOf(durations: readonly (number | undefined)[]): number | null {
  const told = durations.filter((duration) => duration !== undefined);
  if (told.length === 0) return null;
  return toMicroseconds(
    told.reduce((sum, duration) => sum + duration, 0),
    MICROSECONDS_PER_NANOSECOND,
  );
}

function failureOf(result: unknown): FailureWords {
  return { stack: textOf(result, 'error_message') };
}
