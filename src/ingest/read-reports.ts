import type { z } from 'zod';
import { longestPropertyName } from '../domain/fields.ts';
import { isInFuture } from '../domain/time.ts';
import { type ArchiveEntry, ArchiveError, type Upload } from '../formats/archive.ts';
import type { AttemptEvent, Properties, ReportEvent } from '../formats/report-events.ts';
import type { ReportFormat } from '../formats/report-formats.ts';
import { createDetectingReader } from '../formats/report-reader.ts';
import { describeProblem } from './describe-problem.ts';
import { countReject, countWarning, createTally, type FileTally } from './file-tally.ts';
import type { ReadResult } from './identify-results.ts';
import { readUpload } from './read-upload.ts';
import { sortItems } from './rejects.ts';
import { mostProperties, TestResultInput } from './test-result-input.ts';
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
  const { tally } = place;
  const give = (events: readonly ReportEvent[]): ReadResult[] => {
    tally.format = reader.format() ?? null;
    return take(events, options, place);
  };
  try {
    for await (const chunk of content) yield give(reader.write(chunk));
  } catch (error) {
    if (!(error instanceof ArchiveError) || error.code === 'LIMIT') throw error;
    tally.problem = error.message; // and what was read of the file until there stands
  }
  yield give(reader.end());
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
  const { startedAt, properties } = attempt;
  const isCredible = startedAt !== null && isPlausible(startedAt, receivedAt);
  if (startedAt !== null && !isCredible) {
    const message = `The time ${startedAt.toISOString()} of a test is not used: it lies before 1970, or after the upload.`;
    countWarning(tally, { message });
  }
  return {
    suite: attempt.suite,
    className: attempt.className,
    name: attempt.name,
    file: attempt.file,
    line: attempt.line,
    variant: variantOf(variant, attempt, tally.format),
    status: attempt.status,
    statusRaw: attempt.statusRaw,
    durationUs: attempt.durationUs,
    message: attempt.message,
    failureType: attempt.failureType,
    stackTrace: attempt.stackTrace,
    output: attempt.output,
    attempt: attempt.attempt,
    properties: keptProperties(properties, tally),
    recordedAt: isCredible ? startedAt : null,
  };
}

/** A property too many, or with too long a name, is no reason to lose the attempt. */
function keptProperties(
  properties: Properties,
  tally: FileTally,
): Readonly<Record<string, string>> | null {
  const all = Object.entries(properties);
  if (all.length === 0) return null;
  const kept = all.filter(([name]) => name.length <= longestPropertyName).slice(0, mostProperties);
  if (kept.length < all.length) {
    const message = `Of a test only ${String(kept.length)} of ${String(all.length)} properties are kept.`;
    countWarning(tally, { message });
  }
  return Object.fromEntries(kept);
}

/** Judged by when the upload first came, not by the clock: sent again, it gives the same ids. */
function isPlausible(startedAt: Date, receivedAt: Date): boolean {
  return startedAt.getTime() >= 0 && !isInFuture(receivedAt, startedAt);
}
