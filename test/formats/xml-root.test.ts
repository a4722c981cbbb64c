import { expect, test } from 'vitest';
import { xmlReportFormat } from '../../src/formats/xml-root.ts';

test.each([
  ['testsuites', {}, 'JUNIT'],
  ['testsuite', { name: 'a' }, 'JUNIT'],
  ['TestRun', {}, 'TRX'],
  ['test-run', {}, 'NUNIT3'],
  ['test-suite', { testcasecount: '3' }, 'NUNIT3'],
  ['test-suite', { executed: 'True' }, 'NUNIT2'],
  ['test-results', {}, 'NUNIT2'],
  ['assemblies', {}, 'XUNIT'],
  ['assembly', {}, 'XUNIT'],
  ['coverage', {}, undefined],
  ['constructor', {}, undefined],
])('<%s> with %j begins a report of format %s', (name, attributes, format) => {
  expect(xmlReportFormat({ name, attributes })).toBe(format);
});
