import { describe, expect, test } from 'vitest';
import type { ProblemEvent } from '../../src/formats/report-events.ts';
import { createXmlStream } from '../../src/formats/xml-stream.ts';

function readAccepting(report: string): { names: string[]; problem: ProblemEvent | undefined } {
  const names: string[] = [];
  const xml = createXmlStream({
    acceptsExternalDtd: true,
    open: (name) => names.push(name),
    close: () => undefined,
    text: () => undefined,
  });
  xml.write(report);
  xml.end();
  return { names, problem: xml.problem() };
}

describe('a reader that accepts an external DTD', () => {
  test.each([
    '<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.0//EN" "report.dtd">',
    '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">',
    '<!DOCTYPE coverage>',
  ])('passes over %s', (doctype) => {
    expect(readAccepting(`<?xml version="1.0"?>\n${doctype}<report><a/></report>`)).toEqual({
      names: ['report', 'a'],
      problem: undefined,
    });
  });

  test.each([
    '<!DOCTYPE report [<!ENTITY x "y">]>',
    '<!DOCTYPE report SYSTEM "report.dtd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    `<!DOCTYPE report SYSTEM "${'x'.repeat(2_000)}">`,
    `<!DOCTYPE report SYSTEM "${'x'.repeat(200_000)}" [<!ENTITY x "y">]>`,
  ])('refuses declarations and what is too long for a name', (doctype) => {
    expect(readAccepting(`${doctype}<report/>`)).toMatchObject({
      names: [],
      problem: { code: 'DOCTYPE', line: 1 },
    });
  });

  test('knows no entity of a DTD that it did not fetch', () => {
    const report = '<!DOCTYPE report SYSTEM "report.dtd"><report a="&secret;"/>';

    expect(readAccepting(report)).toMatchObject({ names: [], problem: { code: 'MALFORMED' } });
  });
});
