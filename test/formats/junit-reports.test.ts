import { describe, expect, test } from 'vitest';
import type { AttemptEvent, ReportEvent } from '../../src/formats/report-events.ts';
import { expectedReports, type ExpectedReport } from './expected-reports.ts';
import { problemIn, readChunks } from './read-report.ts';

const reports = expectedReports(new URL('../fixtures/junit/', import.meta.url)).filter(
  ({ format }) => format === 'junit-xml',
);
const wellFormed = reports.filter(({ isWellFormed }) => isWellFormed);
const broken = reports.filter(({ isWellFormed }) => !isWellFormed);

/** The counts of expected.json, as its README defines them, from our events. */
function countEvents(events: readonly ReportEvent[]): ExpectedReport['counts'] {
  const attempts = events.filter((event) => event.kind === 'ATTEMPT');
  const retries = attempts.filter(({ statusRaw }) => /^(flaky|rerun)/.test(statusRaw));
  const cases = attempts.filter((attempt) => !retries.includes(attempt));
  const withStatus = (status: string) => cases.filter((attempt) => attempt.status === status);
  const skippedElements = withStatus('SKIPPED').filter(({ statusRaw }) => statusRaw === 'skipped');
  const retriesBy = (word: string) => retries.filter(({ statusRaw }) => statusRaw === word).length;
  return {
    suites: events.filter(({ kind }) => kind === 'SUITE').length,
    cases: cases.length,
    passed: withStatus('PASSED').length,
    failed: withStatus('FAILED').length,
    errored: withStatus('ERRORED').length,
    skipped: skippedElements.length,
    disabled: withStatus('SKIPPED').length - skippedElements.length,
    flakyFailure: retriesBy('flakyFailure'),
    flakyError: retriesBy('flakyError'),
    rerunFailure: retriesBy('rerunFailure'),
    rerunError: retriesBy('rerunError'),
    tests: new Set(attempts.map(identityOf)).size,
    attempts: attempts.length,
  };
}

function identityOf({ suite, className, name, file }: AttemptEvent): string {
  return JSON.stringify([suite, className, name, file]);
}

function secondsIn(events: readonly ReportEvent[]): number {
  const attempts = events.filter((event) => event.kind === 'ATTEMPT');
  const cases = attempts.filter(({ statusRaw }) => !/^(flaky|rerun)/.test(statusRaw));
  return cases.reduce((sum, { durationUs }) => sum + (durationUs ?? 0), 0) / 1e6;
}

describe('real reports', () => {
  test.each(wellFormed)('$path holds what was counted in it', ({ bytes, counts, seconds }) => {
    const events = readChunks([bytes]);

    expect(countEvents(events)).toEqual(counts);
    expect(secondsIn(events)).toBeCloseTo(seconds, 3);
    expect(events.filter(({ kind }) => kind === 'PROBLEM')).toEqual([]);
  });

  test.each(wellFormed.filter(({ isContradicted }) => isContradicted))(
    '$path is known to contradict itself',
    ({ bytes }) => {
      const warnings = readChunks([bytes]).filter((event) => event.kind === 'WARNING');

      expect(warnings.map(({ code }) => code)).toContain('COUNTS_DIFFER');
    },
  );

  test.each(broken)('$path says on which line it breaks', ({ bytes, brokenLine }) => {
    expect(problemIn(bytes)).toMatchObject({ code: 'MALFORMED', line: brokenLine });
  });
});
