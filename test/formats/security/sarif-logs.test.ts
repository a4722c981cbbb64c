import { describe, expect, test } from 'vitest';
import { expectedSecurity } from './expected-security.ts';
import { readSecurity } from './read-security.ts';

const logs = expectedSecurity();
const wellFormed = logs.filter(({ json }) => json);

describe('real SARIF logs', () => {
  test.each(wellFormed)('$path has the results that were counted in it', (log) => {
    const { findings, tools, problem } = readSecurity([log.bytes]);

    expect({ results: findings.length, tools, problem }).toEqual({
      results: log.results,
      tools: log.tools,
      problem: undefined,
    });
    expect(findings.filter(({ isSuppressed }) => isSuppressed)).toHaveLength(log.suppressed);
  });

  test.each(wellFormed)('$path rates its results by their levels', ({ bytes, levels }) => {
    const severities = readSecurity([bytes]).findings.map(({ severity }) => severity);

    const count = (severity: string) => severities.filter((each) => each === severity).length;
    expect(count('HIGH')).toBeGreaterThanOrEqual(levels['error'] ?? 0);
    expect(count('LOW')).toBeGreaterThanOrEqual(levels['note'] ?? 0);
    expect(count('MEDIUM')).toBeGreaterThanOrEqual(levels['warning'] ?? 0);
  });

  test('a log that is no JSON says where it breaks', () => {
    const [log] = logs.filter(({ json }) => !json);

    expect(readSecurity([log?.bytes ?? '']).problem).toMatchObject({ code: 'MALFORMED', line: 3 });
  });

  test('messages are put together from the rules and their arguments', () => {
    const log = logs.find(({ path }) => path === 'valid/TEST1002.Baseline.sarif');

    const [finding] = readSecurity([log?.bytes ?? '']).findings;

    expect(finding).toMatchObject({
      ruleId: 'SARIF2003',
      severity: 'LOW',
      severityRaw: 'note',
      line: 5,
      tool: 'SARIF Functional Testing',
      isProblem: true,
    });
    expect(finding?.message).toMatch(/^runs\[0\]: /);
  });

  test('rules may stand behind the results', () => {
    const log = logs.find(({ path }) => path === 'valid/FlawFinder.ValidResults.sarif');

    expect(readSecurity([log?.bytes ?? '']).findings).toMatchObject([
      { ruleId: 'FF1001', severity: 'HIGH', file: 'test1.cpp', line: 32, tool: 'Flawfinder' },
      { ruleId: 'FF1002', severity: 'LOW', file: 'test2.cpp', line: 31, tool: 'Flawfinder' },
      { ruleId: 'FF1001', severity: 'HIGH', file: 'test3.cpp', line: 56, tool: 'Flawfinder' },
    ]);
  });
});
