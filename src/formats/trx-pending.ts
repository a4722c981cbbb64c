import type { Properties } from './report-events.ts';
import { nameInClass, splitFullName } from './xml-dotnet.ts';
import { noProperties } from './xml-properties.ts';
import type { ReportSink, UncountedAttempt } from './xml-report.ts';

/** Most results held back until their definitions come, and most definitions: some 60 MB of results that passed. */
const MOST_HELD = 100_000;
/** Most text held with them, in UTF-16 units; results that come later keep the beginnings of theirs. */
const MOST_CHARACTERS = 16 * 1_048_576;
const SHORT_TEXT = 1_000;

/** What a TRX report says of a test apart from its results. */
export interface TrxDefinition {
  readonly id: string;
  readonly className: string;
  readonly properties: Properties;
}

/** A result, whose suite, class and properties are not known yet. */
export interface TrxResult {
  readonly testId: string;
  readonly attempt: UncountedAttempt;
}

/** Results that wait for the definitions of their tests: TRX has the results first. */
export interface PendingResults {
  add(result: TrxResult): void;
  define(definition: TrxDefinition): void;
  /** Gives what is held to the sink, in document order; results without a definition have no class. */
  readonly release: () => void;
  /** Forgets the definitions: the report has ended. */
  forget(): void;
}

/** Makes the results of a report, none of them there yet. Gives the sink a suite for each class. */
export function createPendingResults(sink: ReportSink): PendingResults {
  const definitions = new Map<string, TrxDefinition>();
  const classes = new Set<string>();
  let held: TrxResult[] = [];
  let characters = 0;

  function hold({ testId, attempt }: TrxResult): void {
    const kept = characters < MOST_CHARACTERS ? attempt : shorten(attempt);
    characters += charactersIn(kept);
    // A copy: the strings of a parser are pieces of the chunk they came in, and keep all of it in memory.
    held.push(structuredClone({ testId, attempt: kept }));
  }

  function give({ testId, attempt }: TrxResult): boolean {
    const definition = definitions.get(testId);
    const className = definition?.className || classIn(attempt.name);
    if (!classes.has(className)) {
      if (classes.size < MOST_HELD) classes.add(className);
      sink.beginSuite(className);
    }
    sink.addAttempt({
      ...attempt,
      suite: className,
      className,
      name: nameInClass(attempt.name, className),
      properties: definition?.properties ?? noProperties,
    });
    return definition != null;
  }

  function release(): void {
    const undefinedResults = held.filter((result) => !give(result)).length;
    held = [];
    characters = 0;
    if (undefinedResults > 0)
      sink.warn(
        'SKIPPED_ITEM',
        `Results without the definition of their test: ${String(undefinedResults)}.`,
      );
  }

  return {
    add(result) {
      if (definitions.has(result.testId)) {
        give(result);
        return;
      }
      hold(result);
      if (held.length >= MOST_HELD) release();
    },
    define(definition) {
      if (definitions.size < MOST_HELD) definitions.set(definition.id, structuredClone(definition));
    },
    release,
    forget() {
      definitions.clear();
    },
  };
}

/** Xunit.net writes full names, so that the class can be told from them. */
function classIn(name: string): string {
  const { className } = splitFullName(name);
  return /^[\w.+`]+$/.test(className) ? className : '';
}

function charactersIn({ message, stackTrace, output }: UncountedAttempt): number {
  return [message, stackTrace, output].reduce((sum, text) => sum + (text?.length ?? 0), 0);
}

function shorten(attempt: UncountedAttempt): UncountedAttempt {
  if (charactersIn(attempt) <= SHORT_TEXT) return attempt;
  const cut = (text: string | null) => text?.slice(0, SHORT_TEXT).toWellFormed() ?? null;
  return {
    ...attempt,
    message: cut(attempt.message),
    stackTrace: cut(attempt.stackTrace),
    output: cut(attempt.output),
    isTruncated: true,
  };
}
