import { ReportRefusal } from '../report-refusal.ts';
import { type Attributes, Refusal } from '../xml-document.ts';
import { createXmlStream } from '../xml-stream.ts';
import type { CoverageParser } from './coverage-sink.ts';

/** What one format makes of the elements of its report. */
export interface XmlCoverage {
  readonly root: string;
  /** Name of the format, for people. */
  readonly format: string;
  open(name: string, attributes: Attributes): void;
  close?(name: string): void;
  /** The report was read to its end. */
  end?(): void;
}

/** Makes the parser of an XML format. A DOCTYPE that only names a DTD is passed over: JaCoCo and Cobertura write one. */
export function createXmlCoverage(report: XmlCoverage): CoverageParser {
  const names: string[] = [];
  const xml = createXmlStream({
    acceptsExternalDtd: true,
    open(name, attributes) {
      if (names.length === 0 && name !== report.root)
        throw new Refusal(
          'WRONG_FORMAT',
          `The root element is <${name}>; ${report.format} begins with <${report.root}>.`,
        );
      names.push(name);
      refuseLimits(() => {
        report.open(name, attributes);
      });
    },
    close() {
      const name = names.pop() ?? '';
      refuseLimits(() => report.close?.(name));
    },
    text: () => undefined,
  });

  return {
    write: (chunk) => {
      xml.write(chunk);
    },
    end() {
      xml.end();
      const problem = xml.problem();
      if (problem == null) report.end?.();
      return problem;
    },
  };
}

/** The XML stream knows its own refusals only. */
function refuseLimits(step: () => void): void {
  try {
    step();
  } catch (error) {
    if (error instanceof ReportRefusal) throw new Refusal(error.code, error.message);
    throw error;
  }
}
