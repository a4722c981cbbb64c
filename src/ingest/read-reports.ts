import type { z } from 'zod';
import { isInFuture } from '../domain/time.ts';
import { type ArchiveEntry, ArchiveError, type Upload } from '../formats/archive.ts';
import type { AttemptEvent, ProblemEvent, ReportEvent } from '../formats/report-events.ts';
import type { ReportFormat } from '../formats/report-formats.ts';
import { createDetectingReader, type DetectingReader } from '../formats/report-reader.ts';
import { countReject, countWarning, createTally, type FileTally } from './file-tally.ts';
import type { ReadResult } from './identify-results.ts';
import { readUpload } from './read-upload.ts';
import { sortItems } from './rejects.ts';
import { TestResultInput } from './test-result-input.ts';
import { variantOf, type VariantRule } from './variant.ts';

export interface ReadOptions {
  /** The format of all files; found by their content when null. */
  readonly format: ReportFormat | null;
  readonly variant: VariantRule;
  /** When the upload first came: no attempt ran a day after it or later. */
  readonly receivedAt: Date;
}

/** Where in the upload a report stands. */
interface Place {
  readonly file: number;
  readonly tally: FileTally;
}

/**
 * Reads the test reports in files and archives and gives their attempts in the order of the files, some at a time.
 * A tally of each file, archives' files one by one, is added to `tallies` as it begins.
 *
 * @throws {ArchiveError} `LIMIT`, when the upload as a whole is too much; every other problem is in a tally
 */
export async function* readReports(
  files: readonly Upload[],
  options: ReadOptions,
  tallies: FileTally[],
): AsyncGenerator<readonly ReadResult[], void, undefined> {
  for await (const entry of readUpload(files)) {
    const tally = createTally(entry.name);
    tallies.push(tally);
    if (entry.problem === null) {
      yield* readReport(entry.content, options, { tally, file: tallies.length - 1 });
    } else {
      tally.problem = entry.problem;
    }
  }
}

async function* readReport(
  content: ArchiveEntry['content'],
  options: ReadOptions,
  place: Place,
): AsyncGenerator<readonly ReadResult[], void, undefined> {
  const reader = createDetectingReader(options.format);
  try {
    for await (const chunk of content) yield take(reader.write(chunk), options, place);
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.code === 'LIMIT') throw error;
    place.tally.problem = error.message; // and what was read of the file until there stands
  }
  yield take(reader.end(), options, place);
  place.tally.format = formatOf(reader);
}

function formatOf(reader: DetectingReader): ReportFormat | null {
  return reader.format() ?? null;
}

/** Gives the attempts among the events, and counts the others. */
function take(
  events: readonly ReportEvent[],
  options: ReadOptions,
  { file, tally }: Place,
): ReadResult[] {
  const attempts: z.input<typeof TestResultInput>[] = [];
  for (const event of events) {
    if (event.kind === 'ATTEMPT') attempts.push(toResult(event, options, tally));
    if (event.kind === 'WARNING') countWarning(tally, event);
    if (event.kind === 'PROBLEM') tally.problem ??= describeProblem(event);
  }
  const { accepted, rejected } = sortItems(TestResultInput, attempts, []);
  for (const { index, name, path, reason } of rejected) {
    const field = path.at(1) ?? 'it';
    countReject(tally, { index: tally.attempts + index, name, reason: `${field} ${reason}` });
  }
  tally.attempts += attempts.length;
  return accepted.map(({ item }) => ({ file, result: item }));
}

function toResult(
  attempt: AttemptEvent,
  { variant, receivedAt }: ReadOptions,
  tally: FileTally,
): z.input<typeof TestResultInput> {
  const { kind: _kind, isTruncated: _isTruncated, suiteProperties: _suite, ...result } = attempt;
  const { startedAt, properties, ...rest } = result;
  const isCredible = startedAt !== null && isPlausible(startedAt, receivedAt);
  if (startedAt !== null && !isCredible) {
    const message = `The time ${startedAt.toISOString()} of a test is not used: it lies before 1970, or after the upload.`;
    countWarning(tally, { message });
  }
  return {
    ...rest,
    variant: variantOf(variant, attempt),
    properties: Object.keys(properties).length === 0 ? null : properties,
    recordedAt: isCredible ? startedAt : null,
  };
}

/** Judged by when the upload first came, not by the clock: sent again, it gives the same ids. */
function isPlausible(startedAt: Date, receivedAt: Date): boolean {
  return startedAt.getTime() >= 0 && !isInFuture(receivedAt, startedAt);
}

function describeProblem({ message, line, column }: ProblemEvent): string {
  return line === null ? message : `${message} (line ${line}, column ${column ?? 1})`;
}
