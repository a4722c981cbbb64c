import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { uploadFiles } from './upload-files.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const lcov =
  'TN:\nSF:src/a.ts\nDA:1,1\nDA:2,0\nend_of_record\nSF:src/b.ts\nDA:1,3\nend_of_record\n';

const uploadCoverage = `mutation ($input: UploadCoverageInput!, $files: [File!]!) {
  uploadCoverage(input: $input, files: $files) { __typename ... on UploadCoveragePayload {
    created submission { databaseId kind status failureReason } files { name format attempts accepted duplicates problem }
    report { format coveredLines coverableLines files { nodes { path coveredLines coverableLines coverage } } } } } }`;

test('coverage reports become one report with its files', async () => {
  const input = { repository: { owner: 'acme', name: 'widgets' }, number: 1 };

  const first = await uploadFiles(gateway, uploadCoverage, input, [['lcov.info', lcov]]);
  const again = await uploadFiles(gateway, uploadCoverage, input, [['lcov.info', lcov]]);

  expect(first['uploadCoverage']).toMatchObject({
    created: true,
    submission: { kind: 'COVERAGE', status: 'PROCESSED' },
    files: [{ name: 'lcov.info', format: 'LCOV', attempts: 2, problem: null }],
    report: {
      format: 'lcov',
      coveredLines: 2,
      coverableLines: 3,
      files: {
        nodes: [
          { path: 'src/a.ts', coveredLines: 1, coverableLines: 2, coverage: 0.5 },
          { path: 'src/b.ts', coveredLines: 1, coverableLines: 1, coverage: 1 },
        ],
      },
    },
  });
  expect(again['uploadCoverage']).toMatchObject({ created: false, files: [{ duplicates: 2 }] });
});

test('a SARIF log becomes a report with its findings', async () => {
  const log = readFileSync(
    new URL('../fixtures/sarif/valid/FlawFinder.ValidResults.sarif', import.meta.url),
    'utf8',
  );
  const operation = `mutation ($input: UploadSecurityReportInput!, $files: [File!]!) {
    uploadSecurityReport(input: $input, files: $files) { ... on UploadSecurityReportPayload {
      created submission { kind status } files { format attempts accepted }
      reports { tool findings { totalCount nodes { ruleId severity file line } } } } } }`;

  const answer = await uploadFiles(
    gateway,
    operation,
    { repository: { owner: 'acme', name: 'widgets' }, number: 2 },
    [['flawfinder.sarif', log]],
  );

  expect(answer['uploadSecurityReport']).toMatchObject({
    created: 1,
    submission: { kind: 'SECURITY', status: 'PROCESSED' },
    files: [{ format: 'SARIF', attempts: 3, accepted: 3 }],
    reports: [
      {
        tool: 'Flawfinder',
        findings: {
          totalCount: 3,
          nodes: expect.arrayContaining([
            { ruleId: 'FF1001', severity: 'HIGH', file: 'test1.cpp', line: 32 },
            { ruleId: 'FF1002', severity: 'LOW', file: 'test2.cpp', line: 31 },
            { ruleId: 'FF1001', severity: 'HIGH', file: 'test3.cpp', line: 56 },
          ]) as unknown,
        },
      },
    ],
  });
});
