import type { Finding } from '../../../src/formats/security/finding.ts';
import {
  createSecurityReader,
  type SecurityResult,
} from '../../../src/formats/security/security-reader.ts';

/** Reads a report given in these chunks; all its findings together. */
export function readSecurity(chunks: readonly (Uint8Array | string)[]): SecurityResult {
  const reader = createSecurityReader();
  const findings = chunks.flatMap((chunk) => reader.write(chunk));
  const result = reader.end();
  return { ...result, findings: [...findings, ...result.findings] };
}

/** The findings of a report that is this value as JSON. */
export function findingsIn(report: unknown): readonly Finding[] {
  return readSecurity([JSON.stringify(report)]).findings;
}

/** The findings of a SARIF log with one run. */
export function findingsOfRun(run: object): readonly Finding[] {
  return findingsIn({ version: '2.1.0', runs: [run] });
}
