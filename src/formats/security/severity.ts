/** How bad a finding is, worst first. */
export const findingSeverities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFO'] as const;

export type FindingSeverity = (typeof findingSeverities)[number];

const WORDS: ReadonlyMap<string, FindingSeverity> = new Map([
  ['critical', 'CRITICAL'],
  ['blocker', 'CRITICAL'],
  ['high', 'HIGH'],
  ['error', 'HIGH'],
  ['severe', 'HIGH'],
  ['important', 'HIGH'],
  ['medium', 'MEDIUM'],
  ['moderate', 'MEDIUM'],
  ['major', 'MEDIUM'],
  ['warning', 'MEDIUM'],
  ['low', 'LOW'],
  ['minor', 'LOW'],
  ['note', 'LOW'],
]);

/** Gives the severity of a word or of a SARIF level, in any case; `INFO` for what is not known. */
export function severityOfWord(word: string): FindingSeverity {
  return WORDS.get(word.trim().toLowerCase()) ?? 'INFO';
}

/**
 * Gives the severity of a CVSS score, from 0 to 10, with the thresholds of GitHub code scanning; undefined when it is no
 * score.
 */
export function severityOfScore(score: unknown): FindingSeverity | undefined {
  const isText = typeof score === 'string' && score.trim() !== '';
  const value = isText ? Number(score) : score;
  if (typeof value !== 'number' || !(value >= 0 && value <= 10)) return undefined;
  if (value >= 9) return 'CRITICAL';
  if (value >= 7) return 'HIGH';
  if (value >= 4) return 'MEDIUM';
  return value > 0 ? 'LOW' : 'INFO';
}
