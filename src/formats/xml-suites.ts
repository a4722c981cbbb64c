import type { AttemptStatus, Properties } from './report-events.ts';
import type { Attributes } from './xml-document.ts';
import { addTally, contradictions, createTally, type Tally } from './xml-counts.ts';
import { inheritProperties, noProperties, propertiesIn } from './xml-properties.ts';
import { quote, type ReportSink } from './xml-report.ts';
import type { XmlElement } from './xml-tree.ts';

/** A suite that is open, or the report around the suites. */
export interface Suite {
  /** Its name and those of the suites around it, joined by ` > `. */
  readonly path: string;
  readonly attributes: Attributes;
  readonly file: string;
  readonly startedAt: Date | null;
  /** One object for all cases, replaced when the suite tells its properties. */
  properties: Properties;
  /** Outcomes of its own cases. */
  readonly own: Tally;
  /** Outcomes of the cases in it at any depth. */
  readonly all: Tally;
}

/** The suites around the place that is read. */
export interface Suites {
  /** The innermost open suite. */
  current(): Suite;
  /** Opens a suite; without a name it counts as its parent's, without file or start it has its parent's. */
  open(suite: {
    readonly name?: string | undefined;
    readonly file?: string | undefined;
    readonly startedAt?: Date | null;
    readonly attributes: Attributes;
  }): Suite;
  /** Closes the innermost suite and gives it. */
  close(): Suite;
  /** Adds properties to the innermost suite. */
  addProperties(list: XmlElement): void;
  countCase(status: AttemptStatus): void;
}

/** Tells when counters of a suite, or of the report, contradict the cases in it; see `contradictions`. */
export function tellContradictions(
  sink: ReportSink,
  suite: Pick<Suite, 'path' | 'attributes'>,
  counted: Readonly<Record<string, readonly number[]>>,
): void {
  const contradicted = contradictions(suite.attributes, counted);
  if (contradicted == null) return;
  const what = suite.path === '' ? 'The report' : `The suite "${quote(suite.path)}"`;
  sink.warn('COUNTS_DIFFER', `${what} contradicts its cases: ${contradicted}.`);
}

/** Makes the suites of a report, none of them open. */
export function createSuites(sink: ReportSink): Suites {
  const report: Suite = {
    path: '',
    attributes: {},
    file: '',
    startedAt: null,
    properties: noProperties,
    own: createTally(),
    all: createTally(),
  };
  const open: Suite[] = [];
  const current = () => open.at(-1) ?? report;

  return {
    current,
    open({ name, file, startedAt, attributes }) {
      const parent = current();
      const suite: Suite = {
        path: [parent.path, name].filter(Boolean).join(' > '),
        attributes,
        file: file || parent.file,
        startedAt: startedAt ?? parent.startedAt,
        properties: parent.properties,
        own: createTally(),
        all: createTally(),
      };
      open.push(suite);
      return suite;
    },
    close() {
      const suite = open.pop() ?? report;
      if (suite !== report) addTally(current().all, suite.all);
      return suite;
    },
    addProperties(list) {
      const { properties, isCut } = propertiesIn(list);
      const suite = current();
      suite.properties = inheritProperties(suite.properties, properties);
      if (isCut)
        sink.warn('SKIPPED_ITEM', `Of the properties of a suite only the first 1,000 were kept.`);
    },
    countCase(status) {
      const suite = current();
      suite.own[status] += 1;
      suite.all[status] += 1;
    },
  };
}
