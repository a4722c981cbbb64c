import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ForbiddenError, NotFoundError } from '../../src/errors.ts';
import { storeOrHold } from '../../src/ingest/hold-message.ts';
import { recordSecurityDocument } from '../../src/ingest/record-security-document.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { contextOf, newBuild } from './upload-entries.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

let builds = 0;
const aBuild = () => newBuild(gateway, { number: (builds += 1) });

const record = async (document: Record<string, unknown>, buildId?: string) =>
  recordSecurityDocument(contextOf(gateway), { buildId: buildId ?? (await aBuild()), document });

/** Findings of a report as they are stored. */
async function findingsOf(reportId: string | undefined) {
  const { rows } = await gateway.db.pool.query<Record<string, unknown>>(
    `SELECT rule_id, severity, message, file, line, package_name, package_version, fixed_version, is_suppressed
      FROM security_findings WHERE report_id = $1 ORDER BY position`,
    [reportId],
  );
  return rows;
}

const sarif = {
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'semgrep' } },
      results: [{ ruleId: 'sqli', level: 'error', message: { text: 'Injection' } }],
    },
    { tool: { driver: { name: 'gitleaks' } }, results: [] },
  ],
};

describe('a security document', () => {
  test('in the simple form gives its findings, and is kept as it is', async () => {
    const document = {
      tool: 'trivy',
      type: 'Dependency',
      vulnerabilities: [
        {
          cve: 'CVE-2024-3094',
          severity: 'Critical',
          title: 'backdoor',
          package: 'xz',
          version: '5.6.1',
          fixedVersion: '5.6.2',
        },
      ],
      anything: { else: [1, null, { deep: true }] },
    };

    const { reports, created } = await record(document);

    expect(created).toBe(1);
    expect(reports).toMatchObject([
      { tool: 'trivy', kind: 'dependency', severityCounts: { critical: 1 }, document },
    ]);
    expect(await findingsOf(reports[0]?.id)).toEqual([
      {
        rule_id: 'CVE-2024-3094',
        severity: 'CRITICAL',
        message: 'backdoor',
        file: null,
        line: null,
        package_name: 'xz',
        package_version: '5.6.1',
        fixed_version: '5.6.2',
        is_suppressed: false,
      },
    ]);
  });

  test.each(['sarif', 'report'])(
    'with SARIF under `%s` gives a report for each scanner',
    async (key) => {
      const document = { type: 'sast', [key]: sarif };

      const { reports } = await record(document);

      const stored = reports.map(({ tool, kind, document: kept }) => ({ tool, kind, kept }));
      expect(stored).toEqual([
        { tool: 'semgrep', kind: 'sast', kept: document },
        { tool: 'gitleaks', kind: 'sast', kept: {} },
      ]);
      expect(await findingsOf(reports[0]?.id)).toMatchObject([
        { rule_id: 'sqli', severity: 'HIGH' },
      ]);
    },
  );

  test('that lists no findings has the counts of its summary', async () => {
    const { reports } = await record({
      scanner: { name: 'zap' },
      findings: [],
      summary: { HIGH: 2 },
    });

    expect(reports).toMatchObject([{ tool: 'zap', severityCounts: { high: 2 } }]);
  });

  test.each([
    ['nothing known', { anything: 1 }, 'unknown', null],
    ['nothing at all', {}, 'unknown', null],
    ['a scanner and its kind alone', { scanner: 'x', type: 'SECRET' }, 'x', 'secret'],
    ['findings that are none', { tool: 'x', findings: 'none' }, 'x', null],
    ['findings that are no objects', { tool: 'x', findings: [1, null, 'text', []] }, 'x', null],
    ['SARIF that is none', { tool: 'x', sarif: { runs: 7 } }, 'x', null],
    ['SARIF as text', { tool: 'x', report: '{"runs": []}' }, 'x', null],
    ['a scanner and a kind of no sense', { tool: 7, type: ['x'], findings: {} }, 'unknown', null],
    ['a kind of great length', { type: 'X'.repeat(500) }, 'unknown', 'x'.repeat(64)],
  ])('with %s is kept without findings', async (_what, document, tool, kind) => {
    const { reports, created } = await record(document);

    expect(created).toBe(1);
    expect(reports).toMatchObject([{ tool, kind, severityCounts: {}, document }]);
    expect(await findingsOf(reports[0]?.id)).toEqual([]);
  });

  test('sent twice for one build is stored once, and for two builds twice', async () => {
    const [one, other] = [await aBuild(), await aBuild()];
    const document = { tool: 'x', odd: true };

    const created = [];
    for (const buildId of [one, one, other])
      created.push((await record(document, buildId)).created);

    expect(created).toEqual([1, 0, 1]);
  });

  test('holds what Postgres cannot: U+0000, lone surrogates, and nesting without end', async () => {
    const bottomless = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown;

    const { reports } = await record({ 'nul\0': '\uD800', bottomless, findings: [{ id: 'a\0' }] });

    expect(reports).toMatchObject([{ document: { 'nul\uFFFD': '\uFFFD' } }]);
    expect(await findingsOf(reports[0]?.id)).toMatchObject([{ rule_id: 'a\uFFFD' }]);
  });

  test('of any shape is stored', async () => {
    const buildId = await aBuild();
    const keys = [
      'tool',
      'scanner',
      'type',
      'findings',
      'vulnerabilities',
      'summary',
      'sarif',
      'report',
      'runs',
    ];
    const part = fc.oneof(
      fc.jsonValue(),
      fc.record({ runs: fc.jsonValue() }),
      fc.array(fc.dictionary(fc.constantFrom('severity', 'id', 'line', 'file'), fc.jsonValue())),
    );

    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...keys), part), async (document) => {
        const { reports } = await record(document, buildId);

        expect(reports.length).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  });

  test('waits for its build when that is not known yet', async () => {
    const buildId = '0190a1b2-0000-7000-8000-00000000f00d';
    const input = {
      buildId,
      document: { tool: 'early', findings: [{ id: 'a', severity: 'low' }] },
    };

    const held = await storeOrHold(
      contextOf(gateway),
      'SECURITY_REPORT',
      input,
      recordSecurityDocument,
    );
    await newBuild(gateway, { id: buildId, number: 1_000_000 });

    expect(held.stored).toBeNull();
    const stored = await gateway.db.prisma.securityReport.findMany({ where: { buildId } });
    expect(stored).toMatchObject([{ tool: 'early', severityCounts: { low: 1 } }]);
  });

  test('needs the INGEST capability and a build of the organization', async () => {
    const buildId = await aBuild();
    const theirs = contextOf({ ...gateway, ...(await gateway.createOrganization()) });

    const input = { buildId, document: {} };

    await expect(recordSecurityDocument(contextOf(gateway, ['READ']), input)).rejects.toThrow(
      ForbiddenError,
    );
    await expect(recordSecurityDocument(theirs, input)).rejects.toThrow(NotFoundError);
  });
});
