import type { RowOf } from '../../src/db/columns.ts';
import type * as Rows from '../../src/db/generated/prisma/client.ts';
import * as enums from '../../src/db/generated/prisma/enums.ts';
import { cycle, known, lasting, minute, parentOf, rowsOf, texts } from './dataset-values.ts';

/** Most of them in the first upload, so that it has pages of them. */
export function reportFileRows(submissions: Rows.Submission[]): Rows.ReportFile[] {
  return rowsOf(60, (index) => {
    const { organizationId, id } = parentOf(lasting(submissions), index % 4 === 0 ? index : 0);
    return {
      organizationId,
      submissionId: id,
      position: index,
      name: `${cycle(texts, index)} ${index}`,
      format: known(index, cycle(['JUNIT', 'CTRF'], index)),
      attempts: index,
      accepted: index % 5,
      duplicates: index % 3,
      rejectedCount: index % 2,
      rejects: rowsOf(index % 2, () => ({ index, name: 'a test', reason: 'too long' })),
      warningCount: index % 3,
      warnings: rowsOf(index % 3, (warning) => `warning ${warning}`),
      problem: known(index + 1, `broken ${index}`),
    };
  });
}

/** Their text is in no blob store: tests of logs are elsewhere. */
export function buildLogRows(builds: Rows.Build[]): RowOf['BuildLog'][] {
  return rowsOf(20, (index) => {
    const { organizationId, id } = lasting(builds)[index] ?? parentOf(builds, index);
    return {
      organizationId,
      buildId: id,
      blobKey: `logs/${id}`, // no field shows it
      sizeBytes: BigInt(index * 1_000_000_000),
      storedBytes: BigInt(index * 1_000_000),
      lineCount: BigInt(index * 10_000_000),
      createdAt: minute(index % 6),
    };
  });
}

export function logSectionRows(logs: RowOf['BuildLog'][]): Rows.BuildLogSection[] {
  return rowsOf(60, (index) => {
    const { organizationId, buildId } = parentOf(lasting(logs), index % 4 === 0 ? index : 0);
    return {
      organizationId,
      buildId,
      position: index,
      name: `${cycle(texts, index)} ${index}`,
      byteOffset: BigInt(index * 1_000_000_000),
      lineNumber: BigInt(index * 1_000),
      sizeBytes: 1_000_000_000n,
    };
  });
}

export function coverageFileRows(reports: Rows.CoverageReport[]): Rows.CoverageFile[] {
  return rowsOf(60, (index) => {
    const { organizationId, id } = parentOf(lasting(reports), index % 4 === 0 ? index : 0);
    return {
      organizationId,
      reportId: id,
      position: index,
      path: `src/file${index}.ts`,
      coveredLines: index % 5,
      coverableLines: (index % 5) * 3,
    };
  });
}

/** Of the first report and of the one before it; what both have does not come and go. */
export function findingRows(reports: Rows.SecurityReport[]): Rows.SecurityFinding[] {
  return rowsOf(60, (index) => {
    const { organizationId, id } = cycle(reports, index % 2 === 0 ? 1 : 0);
    const isInBoth = index % 8 === 0 && index % 5 < 3;
    return {
      organizationId,
      reportId: id,
      position: index,
      ruleId: `RULE-${index % 7}`,
      severity: cycle(Object.values(enums.FindingSeverity), index),
      severityRaw: `raw ${index % 5}`,
      message: cycle(texts, index),
      file: known(index, `src/file${index % 9}.ts`),
      line: known(index + 1, index),
      packageName: known(index + 2, `package${index % 3}`),
      packageVersion: known(index, `1.0.${index}`),
      fixedVersion: known(index + 1, `1.1.${index}`),
      fingerprint: `print ${isInBoth ? index + 1 : index}`,
      isSuppressed: index % 3 === 0,
    };
  });
}
