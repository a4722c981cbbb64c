import { createAttemptCounter } from './count-attempts.ts';
import type { AttemptEvent, ReportEvent, ReportReader, WarningEvent } from './report-events.ts';
import { Refusal } from './xml-document.ts';
import { createXmlStream } from './xml-stream.ts';
import { createXmlTree, type XmlTreeReader } from './xml-tree.ts';

const MOST_WARNINGS_OF_A_KIND = 15;
const LONGEST_QUOTE = 100;

/** An attempt whose place among the attempts of its test is not known yet. */
export type UncountedAttempt = Omit<AttemptEvent, 'attempt'>;

/** Where a reader of one XML format puts what it finds. */
export interface ReportSink {
  beginSuite(suite: string): void;
  /** Gives the attempt its number: the order of the calls is the order of the attempts. */
  readonly addAttempt: (attempt: UncountedAttempt) => void;
  /** Tells what is odd; of each kind only the first 15. */
  warn(code: WarningEvent['code'], message: string): void;
  /** Gives what `parse` makes of a value; one that is there and cannot be read is told as a warning. */
  read<Value>(
    parse: (value: string) => Value | null,
    name: string,
    value: string | undefined,
  ): Value | null;
}

/** What is particular to one XML format. */
export interface XmlReportFormat {
  /** Name of the format for people. */
  readonly title: string;
  readonly roots: readonly string[];
  readonly createTreeReader: (sink: ReportSink) => XmlTreeReader & {
    /** Gives what is still held back, at the end of the report or where it breaks off. */
    finish?(): void;
  };
}

/** Makes a reader of reports of one XML format. */
export function createXmlReportReader({
  title,
  roots,
  createTreeReader,
}: XmlReportFormat): ReportReader {
  let events: ReportEvent[] = [];
  const treeReader = createTreeReader(createSink((event) => events.push(event)));
  const tree = createXmlTree(treeReader);
  let depth = 0;

  const xml = createXmlStream({
    open(name, attributes) {
      if (depth === 0 && !roots.includes(name)) throw refuseRoot(name);
      depth += 1;
      tree.open(name, attributes);
    },
    close() {
      depth -= 1;
      tree.close();
    },
    text: (piece) => {
      tree.text(piece);
    },
  });

  function refuseRoot(name: string): Refusal {
    const begins = roots.map((root) => `<${root}>`).join(' or ');
    return new Refusal(
      'WRONG_FORMAT',
      `The root element is <${quote(name)}>; ${title} begins with ${begins}.`,
    );
  }

  function takeEvents(): readonly ReportEvent[] {
    const taken = events;
    events = [];
    return taken;
  }

  return {
    write(chunk) {
      xml.write(chunk);
      return takeEvents();
    },
    end() {
      xml.end();
      treeReader.finish?.();
      const problem = xml.problem();
      return problem == null ? takeEvents() : [...takeEvents(), problem];
    },
  };
}

function createSink(give: (event: ReportEvent) => void): ReportSink {
  const countAttempt = createAttemptCounter();
  const warnings = new Map<WarningEvent['code'], number>();

  function warn(code: WarningEvent['code'], message: string): void {
    const told = warnings.get(code) ?? 0;
    warnings.set(code, told + 1);
    if (told < MOST_WARNINGS_OF_A_KIND) give({ kind: 'WARNING', code, message });
    if (told === MOST_WARNINGS_OF_A_KIND)
      give({ kind: 'WARNING', code, message: 'There are more of this kind; they are not listed.' });
  }

  return {
    beginSuite: (suite) => {
      give({ kind: 'SUITE', suite });
    },
    addAttempt: (attempt) => {
      give({ ...attempt, attempt: countAttempt(attempt) });
    },
    warn,
    read(parse, name, value) {
      if (value == null || value.trim() === '') return null;
      const parsed = parse(value);
      if (parsed == null) warn('UNREADABLE_VALUE', `${name}="${quote(value)}" cannot be read.`);
      return parsed;
    },
  };
}

/** Cuts what a warning repeats of a report to one line, of 100 characters unless told. */
export function quote(text: string, longest = LONGEST_QUOTE): string {
  const line = text
    .slice(0, 2 * longest)
    .trim()
    .replace(/\s+/g, ' ');
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
}
