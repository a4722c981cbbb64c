import { beforeAll, describe, expect, test } from 'vitest';
import { ForbiddenError, NotFoundError, ValidationError } from '../../src/errors.ts';
import { recordSecurityReport } from '../../src/ingest/record-security-report.ts';
import { recordSubmission } from '../../src/ingest/record-submission.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { contextOf, entriesOf, newBuild } from './upload-entries.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const sarif = (tool: string, ...results: object[]) =>
  JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: tool } }, results }] });

const injection = {
  ruleId: 'sqli',
  level: 'error',
  message: { text: 'Injection' },
  locations: [
    { physicalLocation: { artifactLocation: { uri: 'src/db.ts' }, region: { startLine: 7 } } },
  ],
};

const simple = JSON.stringify({
  scanner: 'trivy',
  type: 'Dependency',
  vulnerabilities: [
    {
      cve: 'CVE-1',
      severity: 'critical',
      title: 'bad',
      package: 'xz',
      version: '5.6.1',
      fixedVersion: '5.6.2',
    },
    { cve: 'CVE-2', severity: 'low', title: 'nul\0byte', ignored: true },
  ],
});

/** The security reports of a build, as a client sees them. */
async function reportsOf(buildId: string, filter: object | null = null) {
  const { data } = await gateway.graphql<{
    node: { securityReports: { totalCount: number; nodes: { tool: string }[] } };
  }>(
    `query ($id: ID!, $filter: SecurityFindingFilter) { node(id: $id) { ... on Build { securityReports { totalCount nodes {
      tool kind branch commitSha severityCounts
      findings(filter: $filter) { totalCount nodes { position ruleId severity severityRaw message file line
        packageName packageVersion fixedVersion isSuppressed } } } } } } }`,
    { id: Buffer.from(`Build:${buildId}`).toString('base64'), filter },
  );
  const reports = data?.node.securityReports.nodes ?? [];
  return [...reports].sort((one, other) => (one.tool < other.tool ? -1 : 1));
}

describe('security reports of a build', () => {
  test('each scanner has a report with its findings, whatever the form', async () => {
    const buildId = await newBuild(gateway);

    const { created, files } = await recordSecurityReport(
      contextOf(gateway),
      { buildId },
      entriesOf({ 'a.sarif': sarif('semgrep', injection), 'b.json': simple }),
    );

    expect(created).toBe(2);
    expect(files).toMatchObject([
      { name: 'a.sarif', format: 'SARIF', attempts: 1, accepted: 1, problem: null },
      { name: 'b.json', format: 'SIMPLE', attempts: 2, accepted: 2, problem: null },
    ]);
    expect(await reportsOf(buildId)).toMatchObject([
      {
        tool: 'semgrep',
        kind: null,
        branch: 'main',
        commitSha: 'c0ffee',
        severityCounts: { high: 1 },
        findings: {
          nodes: [
            {
              position: 0,
              ruleId: 'sqli',
              severity: 'HIGH',
              severityRaw: 'error',
              message: 'Injection',
              file: 'src/db.ts',
              line: 7,
            },
          ],
        },
      },
      {
        tool: 'trivy',
        kind: 'dependency',
        severityCounts: { critical: 1 },
        findings: {
          nodes: [
            {
              ruleId: 'CVE-1',
              severity: 'CRITICAL',
              packageName: 'xz',
              packageVersion: '5.6.1',
              fixedVersion: '5.6.2',
            },
            { ruleId: 'CVE-2', severity: 'LOW', message: 'nul\uFFFDbyte', isSuppressed: true },
          ],
        },
      },
    ]);
    expect(await reportsOf(buildId, { severity: ['CRITICAL'] })).toMatchObject([
      { findings: { totalCount: 0 } },
      { findings: { totalCount: 1, nodes: [{ ruleId: 'CVE-1' }] } },
    ]);
    expect(await reportsOf(buildId, { isSuppressed: true })).toMatchObject([
      { findings: { totalCount: 0 } },
      { findings: { totalCount: 1, nodes: [{ ruleId: 'CVE-2' }] } },
    ]);
  });

  test('files of one scanner are one report; checks that passed are no findings', async () => {
    const buildId = await newBuild(gateway, { number: 2 });
    const passed = { ruleId: 'ok', kind: 'pass' };

    await recordSecurityReport(
      contextOf(gateway),
      { buildId, kind: 'sast' },
      entriesOf({
        java: sarif('CodeQL', injection),
        js: sarif('CodeQL', passed, { ruleId: 'xss' }),
        clean: sarif('TSLint'),
      }),
    );

    expect(await reportsOf(buildId)).toMatchObject([
      {
        tool: 'CodeQL',
        kind: 'sast',
        findings: { nodes: [{ ruleId: 'sqli' }, { ruleId: 'xss' }] },
      },
      { tool: 'TSLint', kind: 'sast', severityCounts: {}, findings: { totalCount: 0 } },
    ]);
  });

  test('the same files are stored once, in any order and at the same time', async () => {
    const buildId = await newBuild(gateway, { number: 3 });
    const ctx = contextOf(gateway);
    const both = { a: sarif('semgrep', injection), b: simple };
    const turned = { b: both.b, a: both.a };

    const answers = await Promise.all(
      [both, turned, both].map((files) => recordSecurityReport(ctx, { buildId }, entriesOf(files))),
    );

    expect(answers.map(({ created }) => created).sort()).toEqual([0, 0, 2]);
    expect(await reportsOf(buildId)).toHaveLength(2);
  });

  test('a summary without findings gives the counts, and the document is kept', async () => {
    const buildId = await newBuild(gateway, { number: 4, repository: null });
    const document = { buildId, summary: { high: 3, info: 0 }, 'nul\0key': ['\0'] };

    const { reports } = await recordSecurityReport(
      contextOf(gateway),
      { buildId, tool: 'zap', document },
      entriesOf({ body: JSON.stringify(document) }),
    );

    expect(reports).toMatchObject([
      {
        tool: 'zap',
        repositoryId: null,
        severityCounts: { high: 3 },
        document: { 'nul\uFFFDkey': ['\uFFFD'] },
      },
    ]);
  });

  test('what cannot be read is said of its file, and the others stand', async () => {
    const buildId = await newBuild(gateway, { number: 5 });

    const { files, reports } = await recordSecurityReport(
      contextOf(gateway),
      { buildId },
      entriesOf({ a: '{"runs":[{"results":[{"ruleId":"cut"},', b: '[1]', c: simple, d: null }),
    );

    expect(files.map(({ problem }) => problem)).toEqual([
      'The JSON breaks off before its end. (line 1, column 39)',
      expect.stringMatching(/no security report/) as string,
      null,
      'The archive is damaged.',
    ]);
    expect(reports.map(({ tool }) => tool)).toEqual(['unknown', 'trivy']);
  });

  test('a submission that brought them says what became of each file', async () => {
    const ctx = contextOf(gateway);
    const { submission } = await recordSubmission(ctx, {
      repository: { owner: 'acme', name: 'widgets' },
      key: 'scan',
      buildId: await newBuild(gateway, { number: 6 }),
      status: 'PROCESSING',
    });
    await gateway.db.pool.query(`UPDATE submissions SET kind = 'SECURITY' WHERE id = $1`, [
      submission.id,
    ]);

    await recordSecurityReport(ctx, { submissionId: submission.id }, entriesOf({ a: simple }));

    const { data } = await gateway.graphql(
      `query ($id: ID!) { node(id: $id) { ... on Submission { status health { nodes { name format attempts accepted } } } } }`,
      { id: Buffer.from(`Submission:${submission.id}`).toString('base64') },
    );
    expect(data).toEqual({
      node: {
        status: 'PROCESSED',
        health: { nodes: [{ name: 'a', format: 'SIMPLE', attempts: 2, accepted: 2 }] },
      },
    });
  });
});

test('a key that may not ingest, a build that is not there, no build at all are refused', async () => {
  const buildId = await newBuild(gateway, { number: 7 });
  const unknown = '00000000-0000-4000-8000-000000000001';
  const ctx = contextOf(gateway);
  const { organizationId } = await gateway.createOrganization();
  const theirs = contextOf({ ...gateway, organizationId });

  await expect(
    recordSecurityReport(contextOf(gateway, ['READ']), { buildId }, entriesOf({})),
  ).rejects.toThrow(ForbiddenError);
  await expect(recordSecurityReport(ctx, { buildId: unknown }, entriesOf({}))).rejects.toThrow(
    NotFoundError,
  );
  await expect(recordSecurityReport(theirs, { buildId }, entriesOf({}))).rejects.toThrow(
    NotFoundError,
  );
  await expect(recordSecurityReport(ctx, {}, entriesOf({}))).rejects.toThrow(ValidationError);
});
