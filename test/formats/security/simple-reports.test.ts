import { describe, expect, test } from 'vitest';
import { findingsIn, readSecurity } from './read-security.ts';

describe('the simple form', () => {
  test('findings and the head of the report are read, the head before or after them', () => {
    const report = {
      buildId: 'b',
      findings: [
        {
          cve: 'CVE-2024-3094',
          id: '17',
          severity: 'Critical',
          title: 'Backdoor in xz',
          package: 'xz-utils',
          version: '5.6.1',
          fixedVersion: '5.6.2',
        },
        { ruleId: 'sqli', severity: 'low', message: 'Injection', file: '.\\src\\db.ts', line: 12 },
      ],
      scanner: 'trivy',
      type: 'dependency',
      summary: { critical: 1, HIGH: 2, low: 'many' },
    };

    const result = readSecurity([JSON.stringify(report)]);

    expect(result).toMatchObject({
      tools: ['trivy'],
      scanType: 'dependency',
      counts: { CRITICAL: 1, HIGH: 2 },
      problem: undefined,
    });
    expect(result.findings).toMatchObject([
      {
        ruleId: 'CVE-2024-3094',
        severity: 'CRITICAL',
        severityRaw: 'Critical',
        message: 'Backdoor in xz',
        packageName: 'xz-utils',
        packageVersion: '5.6.1',
        fixedVersion: '5.6.2',
        file: null,
        line: null,
        tool: null,
      },
      { ruleId: 'sqli', severity: 'LOW', message: 'Injection', file: 'src/db.ts', line: 12 },
    ]);
  });

  test.each([
    ['HIGH', 'HIGH'],
    ['Moderate', 'MEDIUM'],
    ['informational', 'INFO'],
    ['', 'INFO'],
    [9.1, 'CRITICAL'],
    [null, 'INFO'],
  ])('severity %j is %s', (severity, expected) => {
    expect(findingsIn({ vulnerabilities: [{ severity }] })).toMatchObject([{ severity: expected }]);
  });

  test.each(['sarif', 'report'])('a SARIF log may stand under %s', (key) => {
    const log = {
      version: '2.1.0',
      runs: [{ tool: { driver: { name: 't' } }, results: [{ ruleId: 'r' }] }],
    };

    const result = readSecurity([JSON.stringify({ buildId: 'b', [key]: log, type: 'sast' })]);

    expect(result).toMatchObject({ tools: ['t'], scanType: 'sast', problem: undefined });
    expect(result.findings).toMatchObject([{ ruleId: 'r', tool: 't' }]);
  });

  test('a summary alone is a report; what is no finding is skipped and counted', () => {
    expect(readSecurity(['{"summary":{"high":3}}'])).toMatchObject({
      counts: { HIGH: 3 },
      problem: undefined,
    });
    expect(readSecurity(['{"findings":[1,null,{}]}'])).toMatchObject({
      findings: [{ ruleId: '', message: '' }],
      warnings: [{ message: 'Findings that are no objects were skipped: 2.' }],
    });
  });

  test('a package in another version is the same finding', () => {
    const finding = (version: string) => ({ cve: 'CVE-1', package: 'p', version, message: 'm' });

    const [one, other] = findingsIn({ findings: [finding('1'), finding('2')] });

    expect(one?.fingerprint).toBe(other?.fingerprint);
  });
});
