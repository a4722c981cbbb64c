import { countWarning, type FileTally } from './file-tally.ts';
import type { Finding } from '../formats/security/finding.ts';
import { createSecurityReader, type SecurityResult } from '../formats/security/security-reader.ts';
import { describeProblem } from './describe-problem.ts';
import { type EntryReader, type ReadEntries, readEntries } from './read-entries.ts';
import type { UploadEntry } from './read-upload.ts';

/** Findings of one upload that are held in memory, and the characters of their texts. */
const mostFindings = 200_000;
const mostCharacters = 67_108_864;

/** What one scanner found, in all files of an upload. */
export interface Scan {
  readonly tool: string;
  /** In the order in which they were read. What is no problem, e.g. a check that passed, is not among them. */
  readonly findings: Finding[];
  /** In lower case; null when no report says it. */
  scanType: string | null;
  /** Findings by severity as the report counts them itself, used when it lists none. */
  counts: SecurityResult['counts'];
}

export interface ReadScans extends ReadEntries {
  readonly scans: readonly Scan[];
}

/** What is held of all files. */
interface Held {
  readonly scans: Map<string, Scan>;
  findings: number;
  characters: number;
}

/**
 * Reads security reports; findings of one scanner come together, whatever the file. `attempts` of a file are
 * its findings.
 *
 * @param tool the scanner of reports that do not name one
 * @throws {ArchiveError} `LIMIT`, when the upload as a whole is too much
 */
export async function readSecurityReports(
  entries: AsyncIterable<UploadEntry>,
  tool: string,
): Promise<ReadScans> {
  const held: Held = { scans: new Map(), findings: 0, characters: 0 };
  const read = await readEntries(entries, (file) => createEntryReader(held, file, tool));
  return { ...read, scans: [...held.scans.values()] };
}

function createEntryReader(held: Held, file: FileTally, fallback: string): EntryReader {
  const reader = createSecurityReader();
  const taken: Finding[] = [];

  function take(findings: readonly Finding[]): void {
    for (const finding of findings) {
      if (!finding.isProblem) continue;
      if (held.findings >= mostFindings || held.characters >= mostCharacters) {
        file.problem ??= 'The upload has more findings than can be kept (200,000 in all).';
        return;
      }
      held.findings += 1;
      held.characters += finding.message.length + (finding.file?.length ?? 0);
      taken.push(finding);
    }
  }

  return {
    write: (chunk) => {
      take(reader.write(chunk));
    },
    end() {
      const result = reader.end();
      take(result.findings);
      for (const warning of result.warnings) countWarning(file, warning);
      if (result.problem != null) file.problem ??= describeProblem(result.problem);
      file.format = result.format;
      file.attempts = taken.length;
      if (file.problem === null || taken.length > 0) sortByTool(held, { result, taken, fallback });
    },
  };
}

interface ReadFile {
  readonly result: SecurityResult;
  readonly taken: readonly Finding[];
  readonly fallback: string;
}

function sortByTool({ scans }: Held, { result, taken, fallback }: ReadFile): void {
  const [first = fallback] = result.tools;
  for (const tool of [first, ...result.tools]) openScan(scans, tool, result);
  for (const finding of taken)
    openScan(scans, finding.tool ?? first, result).findings.push(finding);
  const main = openScan(scans, first, result);
  main.counts ??= result.counts;
}

function openScan(
  scans: Map<string, Scan>,
  tool: string,
  { scanType }: Pick<SecurityResult, 'scanType'>,
): Scan {
  const known = scans.get(tool);
  const scan = known ?? { tool, findings: [], scanType: null, counts: null };
  if (known == null) scans.set(tool, scan);
  scan.scanType ??= scanType?.toLowerCase() ?? null;
  return scan;
}
