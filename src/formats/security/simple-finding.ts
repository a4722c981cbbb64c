import { fieldOf, lineOf, textOf } from '../json-values.ts';
import {
  cutMessage,
  cutName,
  fileOfPath,
  fileOfUri,
  type Finding,
  givenFingerprint,
  hashOf,
} from './finding.ts';
import { severityOfScore, severityOfWord } from './severity.ts';

/** Makes a finding of an object in the simple form. Contract: buildbutler.md 7.6. */
export function simpleFinding(item: unknown): Finding {
  const said = {
    ruleId: firstText(item, ['ruleId', 'cve', 'id', 'rule']) ?? '',
    message: cutMessage(longText(item, ['message', 'title', 'description', 'name'])),
    file: fileOf(item),
    packageName: firstText(item, ['package', 'packageName', 'pkgName']),
  };
  const given = textOf(item, 'fingerprint');
  const line = lineOf(item);
  return {
    ...said,
    ...rate(item),
    line: line === null || line > 0x7fffffff ? null : line,
    packageVersion: firstText(item, ['version', 'packageVersion', 'installedVersion']),
    fixedVersion: firstText(item, ['fixedVersion', 'fixed_version', 'fixedIn']),
    fingerprint:
      given === ''
        ? hashOf([said.ruleId, said.file, said.packageName, said.message])
        : givenFingerprint(given),
    isSuppressed: fieldOf(item, 'suppressed') === true || fieldOf(item, 'ignored') === true,
    isProblem: true,
    tool: firstText(item, ['tool', 'scanner']),
  };
}

function rate(item: unknown): Pick<Finding, 'severity' | 'severityRaw'> {
  const severity = fieldOf(item, 'severity') ?? fieldOf(item, 'level');
  const word = typeof severity === 'string' ? cutName(severity) : '';
  if (typeof severity === 'number') {
    return { severity: severityOfScore(severity) ?? 'INFO', severityRaw: String(severity) };
  }
  return { severity: severityOfWord(word), severityRaw: word };
}

/** Paths in the simple form are paths, not URIs; only an address of a file is taken apart. */
function fileOf(item: unknown): string | null {
  const file = longText(item, ['file', 'path', 'filePath']);
  return file.startsWith('file:') ? fileOfUri(file) : fileOfPath(file);
}

function longText(item: unknown, keys: readonly string[]): string {
  return keys.map((key) => textOf(item, key)).find((text) => text !== '') ?? '';
}

function firstText(item: unknown, keys: readonly string[]): string | null {
  return cutName(longText(item, keys)) || null;
}
