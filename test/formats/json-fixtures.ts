import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { AttemptEvent, ReportEvent } from '../../src/formats/report-events.ts';
import type { ReportFormat } from '../../src/formats/report-formats.ts';
import { createReportReader } from '../../src/formats/report-reader.ts';
import { readWith } from './read-report.ts';

const fixtures = new URL('../fixtures/', import.meta.url);

const Counts = z.object({
  cases: z.number(),
  passed: z.number(),
  failed: z.number(),
  errored: z.number(),
  skipped: z.number(),
});

/** One fixture, with what was counted in it. */
export interface JsonFixture {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly counts: z.output<typeof Counts>;
}

/** Gives the reports named in the `expected.json` of a folder of fixtures. */
export function fixturesOf(kind: string): readonly JsonFixture[] {
  const entries = z
    .record(z.string(), Counts)
    .parse(JSON.parse(readFileSync(new URL(`${kind}/expected.json`, fixtures), 'utf8')));
  return Object.entries(entries).map(([name, counts]) => {
    const path = `${kind}/${name}`;
    return { path, bytes: readFixture(path), counts };
  });
}

/** Gives the bytes of a fixture. */
export function readFixture(path: string): Uint8Array {
  return readFileSync(new URL(path, fixtures));
}

/** Gives the events of a report of this format: bytes, text, or a value that is written as JSON. */
export function eventsIn(format: ReportFormat, report: unknown): readonly ReportEvent[] {
  const isRaw = typeof report === 'string' || report instanceof Uint8Array;
  return readWith(createReportReader(format), [isRaw ? report : JSON.stringify(report)]);
}

/** Gives the events of a report of this format with one value a line. */
export function eventsInLines(
  format: ReportFormat,
  items: readonly unknown[],
): readonly ReportEvent[] {
  return eventsIn(format, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
}

/** Gives the attempts among events. */
export function attemptsOf(events: readonly ReportEvent[]): readonly AttemptEvent[] {
  return events.filter((event) => event.kind === 'ATTEMPT');
}

/** Gives the warnings and the problem among events. */
export function complaintsOf(events: readonly ReportEvent[]): readonly ReportEvent[] {
  return events.filter(({ kind }) => kind === 'WARNING' || kind === 'PROBLEM');
}
