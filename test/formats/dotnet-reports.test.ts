import { describe, expect, test } from 'vitest';
import { createNunit3Reader } from '../../src/formats/nunit3.ts';
import type { AttemptStatus, ReportEvent } from '../../src/formats/report-events.ts';
import { createTrxReader } from '../../src/formats/trx.ts';
import { expectedReports, type ExpectedReport } from './expected-reports.ts';
import { readWith } from './read-report.ts';

const reports = expectedReports(new URL('../fixtures/junit/', import.meta.url));
const trx = reports.filter(({ format }) => format === 'trx');
const nunit3 = reports.filter(({ format }) => format === 'nunit3-xml');

function countEvents(events: readonly ReportEvent[]) {
  const attempts = events.filter((event) => event.kind === 'ATTEMPT');
  const withStatus = (status: AttemptStatus) =>
    attempts.filter((attempt) => attempt.status === status).length;
  return {
    suites: events.filter(({ kind }) => kind === 'SUITE').length,
    cases: attempts.length,
    passed: withStatus('PASSED'),
    failed: withStatus('FAILED'),
    errored: withStatus('ERRORED'),
    skipped: withStatus('SKIPPED'),
    inconclusive: withStatus('OTHER'),
  };
}

function expectedCounts({ counts, inconclusive }: ExpectedReport) {
  const { suites, cases, passed, failed, errored, skipped } = counts;
  return { suites, cases, passed, failed, errored, skipped, inconclusive };
}

describe('real reports', () => {
  test.each(trx)('$path holds what was counted in it', (report) => {
    const events = readWith(createTrxReader(), [report.bytes]);

    expect(countEvents(events)).toEqual(expectedCounts(report));
    expect(events.filter(({ kind }) => kind === 'PROBLEM')).toEqual([]);
    expect(events.filter(({ kind }) => kind === 'WARNING')).toHaveLength(report.runInfos);
  });

  test.each(nunit3)('$path holds what was counted in it', (report) => {
    const events = readWith(createNunit3Reader(), [report.bytes]);

    expect(countEvents(events)).toEqual(expectedCounts(report));
    expect(events.filter(({ kind }) => kind !== 'SUITE' && kind !== 'ATTEMPT')).toEqual([]);
  });
});
