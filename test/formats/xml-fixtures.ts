import { readFileSync } from 'node:fs';
import { createJunitReader } from '../../src/formats/junit.ts';
import { createNunit2Reader } from '../../src/formats/nunit2.ts';
import { createNunit3Reader } from '../../src/formats/nunit3.ts';
import type { ReportReader } from '../../src/formats/report-events.ts';
import { createTrxReader } from '../../src/formats/trx.ts';
import { createXunitReader } from '../../src/formats/xunit.ts';
import { expectedReports } from './expected-reports.ts';

/** Every XML format, by the word of `expected.json`. */
export const xmlReaders: ReadonlyMap<string, () => ReportReader> = new Map([
  ['junit-xml', createJunitReader],
  ['trx', createTrxReader],
  ['nunit3-xml', createNunit3Reader],
  ['nunit2-xml', createNunit2Reader],
  ['xunit-xml', createXunitReader],
]);

const byHand = [
  ['nunit2-xml', 'nunit2/nunit-2.6.xml'],
  ['nunit2-xml', 'nunit2/nunit-2.4.xml'],
  ['xunit-xml', 'xunit/xunit-2.xml'],
  ['xunit-xml', 'xunit/xunit-3.xml'],
] as const;

const fixtures = new URL('../fixtures/', import.meta.url);

/** Every XML fixture below 20 kB with the reader of its format. */
export const smallXmlReports = [
  ...expectedReports(new URL('junit/', fixtures)),
  ...byHand.map(([format, path]) => ({
    format,
    path,
    bytes: readFileSync(new URL(path, fixtures)),
  })),
].flatMap(({ format, path, bytes }) => {
  const createReader = xmlReaders.get(format);
  return createReader == null || bytes.length > 20_000 ? [] : [{ path, bytes, createReader }];
});
