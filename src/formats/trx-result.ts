import { toFailure, type Failure } from './failure-text.ts';
import { parseTimestamp } from './junit-values.ts';
import type { AttemptStatus } from './report-events.ts';
import type { TrxDefinition, TrxResult } from './trx-pending.ts';
import { toAttempt } from './xml-attempt.ts';
import { exceptionIn, parseTimeSpanUs } from './xml-dotnet.ts';
import { noProperties, toProperties } from './xml-properties.ts';
import type { ReportSink } from './xml-report.ts';
import { childAt, childrenOf, textIn, type XmlElement } from './xml-tree.ts';

/** Results of tests of any kind: automatic ones are `UnitTestResult`. */
export const TRX_RESULTS: readonly string[] = [
  'UnitTestResult',
  'GenericTestResult',
  'ManualTestResult',
  'WebTestResult',
  'TestResultAggregation',
];

/** Definitions of tests of these kinds. */
export const TRX_DEFINITIONS: readonly string[] = [
  'UnitTest',
  'GenericTest',
  'ManualTest',
  'WebTest',
  'OrderedTest',
];

/** Outcomes of the schema; `Inconclusive`, `Completed`, `InProgress` and `Pending` say neither. */
const STATUSES: ReadonlyMap<string, AttemptStatus> = new Map([
  ['passed', 'PASSED'],
  ['passedbutrunaborted', 'PASSED'],
  ['warning', 'PASSED'],
  ['failed', 'FAILED'],
  ['error', 'ERRORED'],
  ['timeout', 'ERRORED'],
  ['aborted', 'ERRORED'],
  ['disconnected', 'ERRORED'],
  ['notexecuted', 'SKIPPED'],
  ['notrunnable', 'SKIPPED'],
]);

/** Gives the result in one of `TRX_RESULTS`; without a start of its own it has that of the run. */
export function toTrxResult(
  sink: ReportSink,
  element: XmlElement,
  runStart: Date | null,
): TrxResult {
  const { testId = '', testName = '', outcome = '', duration, startTime } = element.attributes;
  const output = childAt(element, 'Output');
  const test = {
    suite: '',
    className: '',
    name: testName,
    file: '',
    line: null,
    properties: noProperties,
    suiteProperties: noProperties,
  };
  const attempt = toAttempt(test, {
    status: STATUSES.get(outcome.toLowerCase()) ?? 'OTHER',
    statusRaw: outcome,
    durationUs: sink.read(parseTimeSpanUs, 'duration', duration),
    startedAt: sink.read(parseTimestamp, 'startTime', startTime) ?? runStart,
    failures: failuresIn(output),
    out: textAt(output, 'StdOut'),
    err: [textAt(output, 'StdErr'), textAt(output, 'DebugTrace')].filter(Boolean).join('\n'),
  });
  return { testId, attempt };
}

function failuresIn(output: XmlElement | undefined): readonly Failure[] {
  const errors = output == null ? [] : childrenOf(output, 'ErrorInfo');
  return errors.map((error) => {
    const message = textAt(error, 'Message');
    return toFailure({ message, type: exceptionIn(message), body: textAt(error, 'StackTrace') });
  });
}

function textAt(element: XmlElement | undefined, name: string): string {
  return element == null ? '' : textIn(childAt(element, name));
}

/** Gives the definition in one of `TRX_DEFINITIONS`. */
export function toTrxDefinition(element: XmlElement): TrxDefinition {
  const { className = '' } = childAt(element, 'TestMethod')?.attributes ?? {};
  return {
    id: element.attributes['id'] ?? '',
    // MSTest 1 adds the assembly: `Ns.Class, Tests, Version=1.0.0.0, Culture=neutral`.
    className: className.replace(/, [^,]+, Version=.*$/s, ''),
    properties: propertiesOf(element),
  };
}

function propertiesOf(element: XmlElement): TrxDefinition['properties'] {
  const itemsOf = (list: string) => {
    const found = childAt(element, list);
    return found == null ? [] : childrenOf(found);
  };
  return toProperties([
    ...itemsOf('TestCategory').map(
      ({ attributes }) => ['Category', attributes['TestCategory'] ?? ''] as const,
    ),
    ...itemsOf('Owners').map(({ attributes }) => ['Owner', attributes['name'] ?? ''] as const),
    ...itemsOf('Properties').map(
      (property) => [textAt(property, 'Key').trim(), textAt(property, 'Value').trim()] as const,
    ),
  ]).properties;
}
