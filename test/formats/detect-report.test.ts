import { describe, expect, test } from 'vitest';
import { detectReport, LONGEST_HEAD } from '../../src/formats/detect-report.ts';
import { createDetectingReader } from '../../src/formats/report-reader.ts';
import { expectedReports } from './expected-reports.ts';
import { readWith } from './read-report.ts';

function detect(text: string, isWhole = true): string {
  return detectReport(Buffer.from(text), isWhole);
}

describe('JSON', () => {
  test.each([
    ['{"results":{"summary":{},"tests":[]}}', 'CTRF'],
    ['{"specVersion":"1","reportFormat":"CTRF"}', 'CTRF'],
    ['{"testResults":[{"name":"a","assertionResults":[]}]}', 'JEST'],
    ['{"success":true,"numFailedTests":0,"numTotalTests":0}', 'JEST'],
    ['{"suites":[{"title":"a","specs":[]}]}', 'PLAYWRIGHT'],
    ['{"config":{"projects":[]}}', 'PLAYWRIGHT'],
    ['{"stats":{"suites":1,"passes":1},"tests":[]}', 'MOCHA'],
    ['{"tests":[],"failures":[],"passes":[]}', 'MOCHA'],
    ['{"version":"3.13","examples":[]}', 'RSPEC'],
    ['[{"uri":"a.feature","keyword":"Feature"}]', 'CUCUMBER_JSON'],
    [' [ ] ', 'CUCUMBER_JSON'],
    ['{"meta":{"protocolVersion":"27"}}\n{"source":{}}\n', 'CUCUMBER_MESSAGES'],
    ['{"testRunStarted":{"timestamp":{}}}', 'CUCUMBER_MESSAGES'],
    ['{"Time":"","Action":"start","Package":"p"}\n', 'GO_TEST'],
    ['# p\np.go:1: oops\n{"Package":"p","Action":"start"}\n', 'GO_TEST'],
    [
      '[{"event":"test.startedProcess"}]\n{"protocolVersion":"0.1.1","runnerVersion":null}\n',
      'DART',
    ],
    ['{"name":"x","tests":[]}', 'NONE'],
    ['{"version":"2.1.0","runs":[]}', 'NONE'],
    ['[1,2]', 'NONE'],
    ['hello\nworld\n', 'NONE'],
    ['', 'EMPTY'],
    [' \n\t', 'EMPTY'],
  ])('%s is %s', (text, format) => {
    expect(detect(text)).toBe(format);
  });

  test('more is needed until a decisive key was seen', () => {
    expect(detect('{"reportFormat":"CTRF","resu', false)).toBe('MORE');
    expect(detect('{"reportFormat":"CTRF","results":{"tests":[', false)).toBe('CTRF');
  });

  test('UTF-16 is read', () => {
    expect(detectReport(Buffer.from('\uFEFF{"results":{"tests":[]}}', 'utf16le'), true)).toBe(
      'CTRF',
    );
  });

  test('256 KiB without a decisive key are enough', () => {
    expect(detect(`{"x":"${'x'.repeat(LONGEST_HEAD)}`, false)).toBe('NONE');
  });
});

describe('XML', () => {
  test.each([
    ['<?xml version="1.0"?><!-- c --><testsuites>', 'JUNIT'],
    ['\uFEFF<testsuite name="a>b"', 'MORE'],
    ['<t:TestRun xmlns:t="x">', 'TRX'],
    ['<!DOCTYPE testsuite [<!ENTITY a "b">]><testsuite>', 'JUNIT'],
    ['<?xml version="1.0" encoding="klingon"?><testsuite>', 'JUNIT'],
    ['<html><body>', 'NONE'],
    ['<!-- only', 'MORE'],
  ])('%s is %s', (text, format) => {
    expect(detect(text, false)).toBe(format);
  });

  test('every report of real projects is JUnit', () => {
    const reports = expectedReports(new URL('../fixtures/junit/', import.meta.url));
    const ofJunit = reports.filter(({ path }) => /^(joshdk|mikepenz)\//.test(path));

    const formats = ofJunit.map(({ bytes }) => detectReport(bytes, true));

    expect(new Set(formats)).toEqual(new Set(['JUNIT']));
  });
});

describe('a reader that finds the format by itself', () => {
  test('tells the format and the events of the report', () => {
    const reader = createDetectingReader();

    const events = readWith(reader, ['{"results":', '{"tests":[{"name":"t","status":"passed"}]}}']);

    expect(reader.format()).toBe('CTRF');
    expect(events).toMatchObject([{ kind: 'ATTEMPT', name: 't' }]);
  });

  test('gives no event twice when the format is known only after many pieces', () => {
    const report = `{"x":"${'x'.repeat(5_000)}","results":{"tests":[{"name":"t","status":"passed"}]}}`;

    const events = readWith(createDetectingReader(), Array.from(report));

    expect(events).toMatchObject([{ kind: 'ATTEMPT', name: 't' }]);
  });

  test('keeps pieces whose bytes are used again', () => {
    const reader = createDetectingReader();
    const piece = Buffer.from('<testsuite name="a"><testcase name="t"/></testsuite>');

    reader.write(piece);
    piece.fill(0);

    expect(reader.end()).toMatchObject([{ suite: 'a' }, { name: 't' }]);
  });

  test('does not look for a format that is named', () => {
    const reader = createDetectingReader('MOCHA');

    expect(readWith(reader, ['{"results":{"tests":[]}}'])).toMatchObject([
      { code: 'WRONG_FORMAT' },
    ]);
    expect(reader.format()).toBe('MOCHA');
  });

  test.each([
    ['', 'The file is empty.'],
    ['\n', 'The file is empty.'],
    ['%PDF-1.7', /^The file is no test report of a known format. Read are JUnit, /],
  ])('%j is a problem', (text, message) => {
    const reader = createDetectingReader();

    expect(readWith(reader, [text])).toEqual([
      {
        kind: 'PROBLEM',
        code: 'WRONG_FORMAT',
        message: expect.stringMatching(message) as string,
        line: null,
        column: null,
      },
    ]);
    expect(reader.format()).toBeUndefined();
  });
});
