import { fieldOf, textOf } from '../json-values.ts';
import { ReportRefusal } from '../report-refusal.ts';
import { cutName, cutUri, fileOfUri, type Finding, givenFingerprint, hashOf } from './finding.ts';
import { sizeOf, type SarifResult, takeResult } from './sarif-result.ts';
import { createSarifRules, type SarifRule } from './sarif-rules.ts';
import { type FindingSeverity, severityOfScore, severityOfWord } from './severity.ts';

/** Characters of results that may wait for rules or files which stand behind them. */
const MOST_WAITING = 67_108_864;
/** Characters of addresses of files. */
const MOST_ARTIFACTS = 33_554_432;
const ARTIFACT_COST = 64;

const NO_PROBLEM: readonly string[] = ['pass', 'notApplicable'];

/** Reads one run of a SARIF log; paths begin below the run. */
export interface SarifRun {
  /** A part of the run begins: its tool, its files. */
  see(part: string): void;
  /**
   * Takes a result and gives the findings that are complete: none while the run's rules are still to come.
   *
   * @throws {ReportRefusal} when too many results wait
   */
  addResult(result: unknown): readonly Finding[];
  addArtifact(artifact: unknown): void;
  setTool(name: unknown): void;
  readonly rules: ReturnType<typeof createSarifRules>;
  /** Gives the findings that waited for the end of the run. */
  end(): readonly Finding[];
  tool(): string | null;
}

/** Makes the reader of one run. */
export function createSarifRun(): SarifRun {
  const rules = createSarifRules();
  const seen = new Set<string>();
  const artifacts: string[] = [];
  let waiting: SarifResult[] = [];
  let waitingSize = 0;
  let artifactsSize = 0;
  let tool: string | null = null;

  function mustWait({ uri, artifactIndex }: SarifResult): boolean {
    if (waiting.length > 0 || !seen.has('tool')) return true;
    return uri === '' && artifactIndex !== undefined && !seen.has('artifacts');
  }

  function toFinding(result: SarifResult): Finding {
    const { artifactIndex, kind, baselineState, line, isSuppressed } = result;
    const rule = rules.find(result);
    const uri = result.uri || (artifactIndex === undefined ? '' : (artifacts[artifactIndex] ?? ''));
    const said = {
      ruleId: result.ruleId || (rule?.id ?? ''),
      message: rules.message(result),
      file: fileOfUri(uri),
    };
    return {
      ...said,
      ...rate(result, rule),
      line,
      packageName: null,
      packageVersion: null,
      fixedVersion: null,
      fingerprint: fingerprintOf(result, said),
      isSuppressed,
      isProblem: !NO_PROBLEM.includes(kind) && baselineState !== 'absent',
      tool,
    };
  }

  return {
    rules,
    see: (part) => {
      seen.add(part);
    },
    addResult(value) {
      const result = takeResult(value);
      if (!mustWait(result)) return [toFinding(result)];
      waiting.push(result);
      waitingSize += sizeOf(result);
      if (waitingSize > MOST_WAITING)
        throw new ReportRefusal(
          'LIMIT',
          'Too many results stand before the rules of their run (64 Mi characters).',
        );
      return [];
    },
    addArtifact(artifact) {
      const uri = cutUri(textOf(fieldOf(artifact, 'location'), 'uri'));
      artifacts.push(uri);
      artifactsSize += uri.length + ARTIFACT_COST;
      if (artifactsSize > MOST_ARTIFACTS)
        throw new ReportRefusal('LIMIT', 'A run has too many files (32 Mi characters).');
    },
    setTool(name) {
      if (typeof name === 'string' && name !== '') tool = cutName(name);
    },
    end() {
      const findings = waiting.map(toFinding);
      waiting = [];
      return findings;
    },
    tool: () => tool,
  };
}

/** A score outweighs a level; a level of the result one of the rule; what did not fail has none (SARIF 3.27.10). */
function rate(
  result: SarifResult,
  rule: SarifRule | undefined,
): { severity: FindingSeverity; severityRaw: string } {
  for (const score of [result.score, rule?.score]) {
    const severity = severityOfScore(score);
    if (severity != null) return { severity, severityRaw: String(score) };
  }
  const hasFailed = result.kind === '' || result.kind === 'fail';
  const level = result.level || (hasFailed ? rule?.level || 'warning' : 'none');
  return { severity: severityOfWord(level), severityRaw: level };
}

function fingerprintOf(
  { fingerprints, partialFingerprints }: SarifResult,
  { ruleId, file, message }: Pick<Finding, 'ruleId' | 'file' | 'message'>,
): string {
  // Names of fingerprints end in a version: the last is the best.
  const given = fingerprints.at(-1);
  if (given !== undefined && given !== '') return givenFingerprint(given);
  const parts = partialFingerprints.length > 0 ? partialFingerprints : [message];
  return hashOf([ruleId, file, ...parts]);
}
