import type { ReportFormat } from './report-formats.ts';

/** The first element of an XML document; its name is without namespace prefix. */
export interface XmlRoot {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const FORMAT_OF_ROOT: ReadonlyMap<string, ReportFormat> = new Map([
  ['testsuites', 'JUNIT'],
  ['testsuite', 'JUNIT'],
  ['TestRun', 'TRX'],
  ['test-run', 'NUNIT3'],
  ['test-results', 'NUNIT2'],
  ['assemblies', 'XUNIT'],
  ['assembly', 'XUNIT'],
]);

/** Gives the format of the test report that this root element begins; undefined when it begins none. */
export function xmlReportFormat({ name, attributes }: XmlRoot): ReportFormat | undefined {
  // A suite cut out of a run: NUnit 3 counts its cases, NUnit 2 says whether it was executed.
  if (name === 'test-suite') return 'executed' in attributes ? 'NUNIT2' : 'NUNIT3';
  return FORMAT_OF_ROOT.get(name);
}
