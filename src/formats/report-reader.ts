import { createCtrfReader } from './ctrf.ts';
import { createCucumberJsonReader } from './cucumber-json.ts';
import { createCucumberMessagesReader } from './cucumber-messages.ts';
import { createDartReader } from './dart.ts';
import { detectReport, LONGEST_HEAD } from './detect-report.ts';
import { createGoTestReader } from './go-test.ts';
import { createJestReader } from './jest.ts';
import { createJunitReader } from './junit.ts';
import { createMochaReader } from './mocha.ts';
import { createNunit2Reader } from './nunit2.ts';
import { createNunit3Reader } from './nunit3.ts';
import { createPlaywrightReader } from './playwright.ts';
import type { ReportEvent, ReportReader } from './report-events.ts';
import type { ReportFormat } from './report-formats.ts';
import { createRspecReader } from './rspec.ts';
import { createTrxReader } from './trx.ts';
import { wrongFormat } from './wrong-format.ts';
import { createXunitReader } from './xunit.ts';

const READERS = {
  JUNIT: createJunitReader,
  CTRF: createCtrfReader,
  TRX: createTrxReader,
  NUNIT2: createNunit2Reader,
  NUNIT3: createNunit3Reader,
  XUNIT: createXunitReader,
  GO_TEST: createGoTestReader,
  JEST: createJestReader,
  PLAYWRIGHT: createPlaywrightReader,
  MOCHA: createMochaReader,
  CUCUMBER_MESSAGES: createCucumberMessagesReader,
  CUCUMBER_JSON: createCucumberJsonReader,
  RSPEC: createRspecReader,
  DART: createDartReader,
} satisfies Record<ReportFormat, () => ReportReader>;

/** Makes the reader for one report of this format. */
export function createReportReader(format: ReportFormat): ReportReader {
  return READERS[format]();
}

const SHORTEST_HEAD = 1_024;

const WHAT_IS_READ =
  'JUnit, TRX, NUnit and xUnit.net XML, CTRF, Jest, Playwright, Mocha, RSpec and Cucumber JSON, ' +
  'Cucumber messages, go test -json and Dart test JSON';

/** A reader that finds the format by itself. */
export interface DetectingReader extends ReportReader {
  /** The format of what was written so far; undefined while it is not known, and for what is no report. */
  format(): ReportFormat | undefined;
}

/**
 * Makes a reader for one report of any format. It keeps up to 256 KiB until the content tells the format, then hands everything to
 * that format's reader. A `named` format is not looked for. An empty file, or one that is no report, is a `WRONG_FORMAT` problem.
 */
export function createDetectingReader(named: ReportFormat | null = null): DetectingReader {
  let head: (Uint8Array | string)[] = [];
  let headBytes = 0;
  let nextLook = SHORTEST_HEAD;
  let format = named ?? undefined;
  let reader = named == null ? undefined : createReportReader(named);

  /** Looks at the head, at doubling lengths, so that small pieces do not cost a look each. */
  function look(isWhole: boolean): readonly ReportEvent[] {
    const bytes = Buffer.concat(
      head.map((chunk) => {
        const start = chunk.slice(0, LONGEST_HEAD);
        return typeof start === 'string' ? Buffer.from(start) : start;
      }),
    );
    const told = detectReport(bytes, isWhole);
    if (told === 'MORE') {
      nextLook = Math.min(bytes.length * 2, LONGEST_HEAD);
      return [];
    }
    if (told === 'EMPTY' || told === 'NONE') reader = createRefusingReader(told);
    else {
      format = told;
      reader = createReportReader(told);
    }
    const chunks = head;
    head = [];
    const chosen = reader;
    return chunks.flatMap((chunk) => chosen.write(chunk));
  }

  return {
    write(chunk) {
      if (reader != null) return reader.write(chunk);
      head.push(keep(chunk));
      headBytes += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length;
      return headBytes < nextLook ? [] : look(false);
    },
    end() {
      const events = reader == null ? look(true) : [];
      return reader == null ? events : [...events, ...reader.end()];
    },
    format: () => format,
  };
}

/** Copies bytes that may have to wait for more: whoever wrote them may fill their buffer again. */
function keep(chunk: Uint8Array | string): Uint8Array | string {
  return typeof chunk === 'string' || chunk.length >= LONGEST_HEAD ? chunk : new Uint8Array(chunk);
}

function createRefusingReader(told: 'EMPTY' | 'NONE'): ReportReader {
  const message =
    told === 'EMPTY'
      ? 'The file is empty.'
      : `The file is no test report of a known format. Read are ${WHAT_IS_READ}.`;
  return { write: () => [], end: () => [wrongFormat(message)] };
}
