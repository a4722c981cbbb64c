import type { SecurityFinding } from '../../src/db/generated/prisma/client.ts';
import type { Dataset } from './dataset.ts';

/** Findings of the first report that are new against the second, which comes before it. */
export function newFindings(dataset: Dataset): SecurityFinding[] {
  const { present, past } = findingsOf(dataset);
  const known = new Set(past.filter(isOpen).map(({ fingerprint }) => fingerprint));
  return present.filter(isOpen).filter(({ fingerprint }) => !known.has(fingerprint));
}

/** Findings of the second report that are fixed in the first. */
export function fixedFindings(dataset: Dataset): SecurityFinding[] {
  const { present, past } = findingsOf(dataset);
  const left = new Set(present.map(({ fingerprint }) => fingerprint));
  return past.filter(isOpen).filter(({ fingerprint }) => !left.has(fingerprint));
}

function isOpen({ isSuppressed }: SecurityFinding): boolean {
  return !isSuppressed;
}

function findingsOf({ SecurityReport: [report, previous], SecurityFinding }: Dataset) {
  return {
    present: SecurityFinding.filter(({ reportId }) => reportId === report?.id),
    past: SecurityFinding.filter(({ reportId }) => reportId === previous?.id),
  };
}
