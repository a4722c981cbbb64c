import { createHash } from 'node:crypto';
import { normaliseSourcePath } from '../../domain/source-path.ts';
import { storableText } from '../../domain/text.ts';
import { ownText } from '../own-text.ts';
import type { FindingSeverity } from './severity.ts';

/** One thing a security scan says. */
export interface Finding {
  /** Rule, check or vulnerability, e.g. `CVE-2024-3094`; empty when the report names none. */
  readonly ruleId: string;
  readonly severity: FindingSeverity;
  /** Word, level or score that decided the severity. */
  readonly severityRaw: string;
  readonly message: string;
  /** Path or address of the file, as the report has it; null when there is none. */
  readonly file: string | null;
  /** Line in that file, from 1. */
  readonly line: number | null;
  readonly packageName: string | null;
  readonly packageVersion: string | null;
  readonly fixedVersion: string | null;
  /** The report's own fingerprint, else a hash of what stays when lines move. At most 512 characters. */
  readonly fingerprint: string;
  /** True when somebody decided that it is no problem. */
  readonly isSuppressed: boolean;
  /** False for checks that passed or did not apply, and for what a baseline says is gone. */
  readonly isProblem: boolean;
  /** Scanner; null when the report does not say it here. */
  readonly tool: string | null;
}

/** Longest short text kept, in UTF-16 units: what may stand in an index. */
const LONGEST_NAME = 512;
const LONGEST_MESSAGE = 10_000;
const LONGEST_FILE = 4_096;

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : ownText(text.slice(0, longest));
}

/** Cuts a name, e.g. of a rule or a package, and makes it storable. */
export function cutName(text: string): string {
  return storableText(cut(text, LONGEST_NAME));
}

/** Cuts the address of a file to twice what is kept of it: it may shrink when it is decoded. */
export function cutUri(uri: string): string {
  return cut(uri, 2 * LONGEST_FILE);
}

/** Cuts a message and makes it storable. */
export function cutMessage(text: string): string {
  return storableText(cut(text, LONGEST_MESSAGE));
}

/** Gives the path a URI stands for: without `file://`, percent-decoded; null when it is empty. Other schemes stay. */
export function fileOfUri(uri: string): string | null {
  const path = uri.replace(/^file:\/{2}(?:localhost)?(?=\/)/i, '').replace(/^\/(?=[A-Za-z]:)/, '');
  return fileOfPath(decodePercent(path));
}

/** Gives a path in one spelling, and an address as it is; null when it is empty. */
export function fileOfPath(path: string): string | null {
  const file = storableText(cut(path, LONGEST_FILE));
  if (file === '') return null;
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(file) ? file : normaliseSourcePath(file);
}

function decodePercent(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // Written as a path, not as a URI: a `%` stands for itself.
    return path;
  }
}

/** Gives a fingerprint the report has itself; a long one is hashed. */
export function givenFingerprint(given: string): string {
  return given.length > LONGEST_NAME ? hashOf([given]) : storableText(given);
}

/** Gives a hash of parts that tell a finding from others. */
export function hashOf(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
