import { createJunitReader } from '../../src/formats/junit.ts';
import type {
  AttemptEvent,
  ProblemEvent,
  ReportEvent,
  ReportReader,
} from '../../src/formats/report-events.ts';

/** Gives the events of a JUnit report that arrives in these chunks. */
export function readChunks(chunks: readonly (Uint8Array | string)[]): readonly ReportEvent[] {
  return readWith(createJunitReader(), chunks);
}

/** Gives the events that a reader finds in what arrives in these chunks. */
export function readWith(
  reader: ReportReader,
  chunks: readonly (Uint8Array | string)[],
): readonly ReportEvent[] {
  return [...chunks.flatMap((chunk) => reader.write(chunk)), ...reader.end()];
}

/** Gives the attempts in a JUnit report. */
export function attemptsIn(report: Uint8Array | string): readonly AttemptEvent[] {
  return readChunks([report]).filter((event) => event.kind === 'ATTEMPT');
}

/** Gives the reason why a JUnit report was not read to its end; undefined when it was. */
export function problemIn(report: Uint8Array | string): ProblemEvent | undefined {
  return readChunks([report]).find((event) => event.kind === 'PROBLEM');
}
