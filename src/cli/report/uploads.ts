import {
  type ReportFormat,
  UploadBuildLogDocument,
  UploadCoverageDocument,
  UploadSecurityReportDocument,
  UploadTestReportsDocument,
} from '../../client/generated/graphql.ts';
import { batchesOf, type BatchLimits, requestLimits, testBatches } from './batches.ts';
import type { Gateway } from './connect.ts';
import { payloadOf } from './describe-failure.ts';
import type { FoundFile } from './find-files.ts';
import { openFile, openLog } from './open-files.ts';
import type { ReportFiles } from './report-files.ts';
import type { Tally } from './tally.ts';

export interface UploadOptions {
  readonly variant: string | undefined;
  readonly variantFrom: readonly string[] | undefined;
  readonly format: ReportFormat | undefined;
  readonly tags: readonly string[] | undefined;
}

/** One request. */
export interface Upload {
  readonly what: string;
  readonly work: () => Promise<void>;
}

interface Uploading {
  readonly files: ReportFiles;
  readonly options: UploadOptions;
  readonly fail: (text: string) => void;
}

interface ReadFile {
  readonly name: string;
  readonly problem: string | null;
}

/** Gives the requests that send the files, in order. Each counts what became of its files when it is done. */
export function uploadsOf(
  gateway: Gateway,
  buildId: string,
  { files, options, fail }: Uploading,
  tally: Tally,
): Upload[] {
  const tags = options.tags && [...options.tags];
  const count = (kind: keyof Tally['files'], read: readonly ReadFile[]): void => {
    const bad = read.filter(({ problem }) => problem !== null);
    tally.files[kind] += read.length - bad.length;
    for (const { name, problem } of bad.slice(0, mostTold)) fail(`${name}: ${problem ?? ''}`);
    if (bad.length > mostTold) fail(`${bad.length - mostTold} more files could not be read.`);
  };

  const tests = async (batch: readonly FoundFile[]): Promise<void> => {
    const { variant, variantFrom, format } = options;
    const input = { buildId, tags, variant, format, variantFrom: variantFrom && [...variantFrom] };
    const variables = { input, files: await Promise.all(batch.map(openFile)) };
    const { uploadTestReports: answer } = await gateway.send(
      (client, request) => client.query(UploadTestReportsDocument, variables, request),
      sizeOf(batch),
    );
    const { accepted, duplicates, rejectedCount, files: read } = payloadOf(answer);
    tally.tests.accepted += accepted;
    tally.tests.duplicates += duplicates;
    tally.tests.rejected += rejectedCount;
    count('tests', read);
    const [bad] = read.flatMap(({ name, rejected }) =>
      rejected.map(({ reason }) => `${name}: ${reason}`),
    );
    if (bad !== undefined) fail(`${rejectedCount} results were rejected, e.g. in ${bad}`);
  };
  const coverage = async (batch: readonly FoundFile[]): Promise<void> => {
    const variables = { input: { buildId, tags }, files: await Promise.all(batch.map(openFile)) };
    const { uploadCoverage: answer } = await gateway.send(
      (client, request) => client.query(UploadCoverageDocument, variables, request),
      sizeOf(batch),
    );
    count('coverage', payloadOf(answer).files);
  };
  const security = async (batch: readonly FoundFile[]): Promise<void> => {
    const variables = { input: { buildId, tags }, files: await Promise.all(batch.map(openFile)) };
    const { uploadSecurityReport: answer } = await gateway.send(
      (client, request) => client.query(UploadSecurityReportDocument, variables, request),
      sizeOf(batch),
    );
    count('security', payloadOf(answer).files);
  };
  const logs = async (batch: readonly FoundFile[]): Promise<void> => {
    const variables = { input: { buildId }, file: await openLog(batch) };
    const { uploadBuildLog: answer } = await gateway.send(
      (client, request) => client.query(UploadBuildLogDocument, variables, request),
      sizeOf(batch),
    );
    payloadOf(answer);
    tally.files.logs += batch.length;
  };

  return [
    ...requestsOf('tests', files.tests, testBatches, tests),
    // Files of one request make one report: these are not cut into more than they must be.
    ...requestsOf('coverage', files.coverage, requestLimits, coverage),
    ...requestsOf('security', files.security, requestLimits, security),
    // A build has one log.
    ...requestsOf('logs', files.logs, { files: Infinity, bytes: Infinity }, logs),
  ];
}

const mostTold = 10;

function requestsOf(
  kind: string,
  files: readonly FoundFile[],
  limits: BatchLimits,
  work: (batch: readonly FoundFile[]) => Promise<void>,
): Upload[] {
  let sent = 0;
  return batchesOf(files, limits).map((batch) => {
    const from = sent + 1;
    sent += batch.length;
    const which = batch.length === files.length ? '' : ` ${from} to ${sent} of`;
    return {
      what: `${kind}:${which} ${files.length} file${files.length === 1 ? '' : 's'}`,
      work: () => work(batch),
    };
  });
}

function sizeOf(files: readonly FoundFile[]): number {
  return files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
}
