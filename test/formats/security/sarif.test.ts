import { describe, expect, test } from 'vitest';
import { findingsIn, findingsOfRun, readSecurity } from './read-security.ts';

const ruled = (rule: object, result: object = {}) => ({
  tool: { driver: { name: 'scanner', rules: [{ id: 'R1', ...rule }] } },
  results: [{ ruleId: 'R1', message: { text: 'm' }, ...result }],
});

describe('severity', () => {
  test.each([
    ['9.0', 'CRITICAL'],
    ['8.9', 'HIGH'],
    [7, 'HIGH'],
    ['6.9', 'MEDIUM'],
    ['4.0', 'MEDIUM'],
    ['3.9', 'LOW'],
    ['0.1', 'LOW'],
    ['0.0', 'INFO'],
  ])('a security-severity of %j is %s, whatever the level', (score, severity) => {
    const run = ruled({ properties: { 'security-severity': score } }, { level: 'note' });

    expect(findingsOfRun(run)).toMatchObject([{ severity, severityRaw: String(score) }]);
  });

  test.each([
    [{}, {}, 'MEDIUM', 'warning'],
    [{ defaultConfiguration: { level: 'error' } }, {}, 'HIGH', 'error'],
    [{ defaultConfiguration: { level: 'error' } }, { level: 'note' }, 'LOW', 'note'],
    [{ defaultConfiguration: { level: 'error' } }, { kind: 'review' }, 'INFO', 'none'],
    [{ properties: { 'security-severity': 'n/a' } }, { level: 'error' }, 'HIGH', 'error'],
    [{}, { properties: { 'security-severity': '9.8' } }, 'CRITICAL', '9.8'],
  ])('rule %j, result %j: %s', (rule, result, severity, severityRaw) => {
    expect(findingsOfRun(ruled(rule, result))).toMatchObject([{ severity, severityRaw }]);
  });
});

describe('rules', () => {
  const rules = [{ id: 'R0' }, { id: 'R1', defaultConfiguration: { level: 'error' } }];

  test.each([
    [{ ruleIndex: 1 }, 'R1', 'HIGH'],
    [{ rule: { index: 1 } }, 'R1', 'HIGH'],
    [{ ruleId: 'R1/part', ruleIndex: 1 }, 'R1/part', 'HIGH'],
    [{ ruleId: 'R1/part' }, 'R1/part', 'HIGH'],
    [{ ruleId: 'R1', ruleIndex: 0 }, 'R1', 'HIGH'],
    [{ ruleIndex: 7 }, '', 'MEDIUM'],
    [{ rule: { index: 0, toolComponent: { index: 0 } } }, 'X0', 'LOW'],
  ])('%j is a result of %s', (result, ruleId, severity) => {
    const extensions = [{ rules: [{ id: 'X0', defaultConfiguration: { level: 'note' } }] }];
    const tool = { driver: { name: 't', rules }, extensions };

    expect(findingsOfRun({ tool, results: [result] })).toMatchObject([{ ruleId, severity }]);
    expect(findingsOfRun({ results: [result], tool })).toMatchObject([{ ruleId, severity }]);
  });

  test('rules of one run are not those of the next', () => {
    const driver = { name: 'a', rules: [{ id: 'R', defaultConfiguration: { level: 'error' } }] };
    const results = [{ ruleId: 'R' }];
    const runs = [
      { results, tool: { driver } },
      { results, tool: { driver: { name: 'b' } } },
    ];

    expect(findingsIn({ runs })).toMatchObject([
      { severity: 'HIGH', tool: 'a' },
      { severity: 'MEDIUM', tool: 'b' },
    ]);
  });
});

describe('messages', () => {
  const rule = {
    messageStrings: { default: { text: '{1} beats {0} in {{braces}} and {9}' } },
    shortDescription: { text: 'about the rule' },
  };

  test.each([
    [{ id: 'default', arguments: ['a', 'b'] }, 'b beats a in {braces} and {9}'],
    [{ text: 'literally {{0}}' }, 'literally {{0}}'],
    [{ text: '{0}!', arguments: ['x'] }, 'x!'],
    [{ markdown: '*m*' }, '*m*'],
    [{ id: 'missing' }, 'about the rule'],
    [undefined, 'about the rule'],
  ])('%j reads %j', (message, text) => {
    expect(findingsOfRun(ruled(rule, { message }))).toMatchObject([{ message: text }]);
  });

  test('messages of the driver serve all its rules', () => {
    const driver = { name: 't', globalMessageStrings: { g: { text: 'shared {0}' } } };
    const results = [{ message: { id: 'g', arguments: ['words'] } }];

    expect(findingsOfRun({ tool: { driver }, results })).toMatchObject([
      { message: 'shared words' },
    ]);
  });
});

describe('places', () => {
  const at = (artifactLocation: object, region?: object) => ({
    locations: [{ physicalLocation: { artifactLocation, region } }],
  });

  test.each([
    [{ uri: 'src/My%20File.c' }, 'src/My File.c'],
    [{ uri: './src\\a.c' }, 'src/a.c'],
    [{ uri: 'file:///C:/code/a.c' }, 'C:/code/a.c'],
    [{ uri: 'file:///home/me/a.c' }, '/home/me/a.c'],
    [{ uri: '100%' }, '100%'],
    [{ uri: 'https://example.com//a.js' }, 'https://example.com//a.js'],
    [{ index: 1 }, 'b.c'],
    [{ index: 5 }, null],
    [{}, null],
  ])('%j is the file %j', (location, file) => {
    const artifacts = [{ location: { uri: 'a.c' } }, { location: { uri: 'b.c' } }];
    const tool = { driver: { name: 't' } };

    expect(findingsOfRun({ tool, results: [at(location)], artifacts })).toMatchObject([{ file }]);
    expect(findingsOfRun({ tool, artifacts, results: [at(location)] })).toMatchObject([{ file }]);
  });

  test.each([
    [{ startLine: 7 }, 7],
    [{ startLine: 0 }, null],
    [{ startLine: 1e12 }, null],
    [{ charOffset: 3 }, null],
  ])('region %j begins on line %j', (region, line) => {
    expect(findingsOfRun({ results: [at({ uri: 'a' }, region)] })).toMatchObject([{ line }]);
  });
});

describe('what tells findings apart', () => {
  const fingerprintOf = (result: object) =>
    findingsOfRun(ruled({}, result)).map(({ fingerprint }) => fingerprint)[0];

  test('the fingerprint of the report, the highest version of several', () => {
    expect(fingerprintOf({ fingerprints: { 'hash/v2': 'two', 'hash/v1': 'one' } })).toBe('two');
  });

  test('without one, rule, file and partial fingerprints, whatever message and line say', () => {
    const partialFingerprints = { primaryLocationLineHash: 'abc:1' };

    expect(fingerprintOf({ partialFingerprints, message: { text: 'x' } })).toBe(
      fingerprintOf({ partialFingerprints, message: { text: 'y' } }),
    );
    expect(fingerprintOf({ partialFingerprints })).not.toBe(
      fingerprintOf({ partialFingerprints: { primaryLocationLineHash: 'def:1' } }),
    );
  });

  test('else rule, file and message, so that a finding keeps it when its line moves', () => {
    const on = (startLine: number) => ({
      locations: [{ physicalLocation: { region: { startLine } } }],
    });

    expect(fingerprintOf(on(1))).toBe(fingerprintOf(on(2)));
    expect(fingerprintOf({ message: { text: 'x' } })).not.toBe(
      fingerprintOf({ message: { text: 'y' } }),
    );
  });
});

describe('states', () => {
  test.each([
    [{ suppressions: [] }, { isSuppressed: false }],
    [{ suppressions: [{ kind: 'inSource' }] }, { isSuppressed: true }],
    [{ suppressions: [{ status: 'accepted' }] }, { isSuppressed: true }],
    [{ suppressions: [{ status: 'rejected' }, { kind: 'external' }] }, { isSuppressed: false }],
    [{ suppressions: [{ status: 'underReview' }] }, { isSuppressed: false }],
    [{ kind: 'pass' }, { isProblem: false }],
    [{ kind: 'notApplicable' }, { isProblem: false }],
    [{ kind: 'open' }, { isProblem: true }],
    [{ baselineState: 'absent' }, { isProblem: false }],
    [{ baselineState: 'unchanged' }, { isProblem: true }],
  ])('%j is %j', (result, state) => {
    expect(findingsOfRun(ruled({}, result))).toMatchObject([state]);
  });
});

describe('what is no SARIF 2.1.0 log', () => {
  test.each([
    ['', 'MALFORMED'],
    ['{}', 'WRONG_FORMAT'],
    ['[]', 'WRONG_FORMAT'],
    ['{"runs":[],"version":"1.0.0"}', 'WRONG_FORMAT'],
    ['<xml/>', 'MALFORMED'],
  ])('%j is a problem', (report, code) => {
    expect(readSecurity([report]).problem).toMatchObject({ code });
  });

  test('the results before a break stand, also those that waited for their rules', () => {
    const { findings, problem } = readSecurity([
      '{"runs":[{"results":[{"ruleId":"a"},{"ruleId":"b"},',
    ]);

    expect(findings.map(({ ruleId }) => ruleId)).toEqual(['a', 'b']);
    expect(problem).toMatchObject({ code: 'MALFORMED' });
  });

  test('results that wait for their rules are bounded', () => {
    const result = JSON.stringify({ message: { text: 'x'.repeat(10_000) } });
    const chunks = Array.from({ length: 7_000 }, () => `${result},`);

    const { problem } = readSecurity(['{"runs":[{"results":[', ...chunks]);

    expect(problem).toMatchObject({ code: 'LIMIT' });
  });

  test('the files of a run are bounded', () => {
    const artifact = JSON.stringify({ location: { uri: 'x'.repeat(9_000) } });
    const chunks = Array.from({ length: 4_100 }, () => `${artifact},`);

    const { problem } = readSecurity(['{"runs":[{"artifacts":[', ...chunks]);

    expect(problem).toMatchObject({ code: 'LIMIT' });
  });

  test('a report of more than 200,000 findings is refused', () => {
    const chunk = '{},'.repeat(1_000);
    const chunks = Array.from({ length: 201 }, () => chunk);

    const { problem, findings } = readSecurity(['{"findings":[', ...chunks]);

    expect(problem).toMatchObject({ code: 'LIMIT' });
    expect(findings).toHaveLength(200_000);
  });
});
