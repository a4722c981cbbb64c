import { fieldOf, itemsOf, lineOf, numberOf, textOf } from '../json-values.ts';
import { cutMessage, cutName, cutUri } from './finding.ts';

const MOST_ARGUMENTS = 100;
const MOST_FINGERPRINTS = 20;

/** What is kept of a SARIF result until its rule and its file are known. */
export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number | undefined;
  /** Place of the extension that has the rule; undefined when the driver has it. */
  readonly extension: number | undefined;
  readonly level: string;
  readonly kind: string;
  readonly baselineState: string;
  /** Score of the result itself. */
  readonly score: unknown;
  readonly text: string;
  readonly messageId: string;
  readonly messageArguments: readonly string[];
  readonly uri: string;
  readonly artifactIndex: number | undefined;
  readonly line: number | null;
  /** Values of `fingerprints`, and pairs of `partialFingerprints`; sorted by key. */
  readonly fingerprints: readonly string[];
  readonly partialFingerprints: readonly string[];
  readonly isSuppressed: boolean;
}

/** Takes from a result what a finding is made of. */
export function takeResult(result: unknown): SarifResult {
  const rule = fieldOf(result, 'rule');
  const message = fieldOf(result, 'message');
  const [location] = itemsOf(result, 'locations');
  const place = fieldOf(location, 'physicalLocation');
  const artifact = fieldOf(place, 'artifactLocation');
  return {
    ruleId: cutName(textOf(result, 'ruleId') || textOf(rule, 'id')),
    ruleIndex: indexOf(result, 'ruleIndex') ?? indexOf(rule, 'index'),
    extension: indexOf(fieldOf(rule, 'toolComponent'), 'index'),
    level: cutName(textOf(result, 'level')),
    kind: cutName(textOf(result, 'kind')),
    baselineState: cutName(textOf(result, 'baselineState')),
    score: scoreOf(result),
    text: cutMessage(textOf(message, 'text') || textOf(message, 'markdown')),
    messageId: cutName(textOf(message, 'id')),
    messageArguments: itemsOf(message, 'arguments')
      .slice(0, MOST_ARGUMENTS)
      .map((argument) => (typeof argument === 'string' ? cutName(argument) : '')),
    uri: cutUri(textOf(artifact, 'uri')),
    artifactIndex: indexOf(artifact, 'index'),
    line: storableLine(fieldOf(place, 'region')),
    fingerprints: textsBelow(fieldOf(result, 'fingerprints')).map(([, value]) => value),
    partialFingerprints: textsBelow(fieldOf(result, 'partialFingerprints')).flat(),
    isSuppressed: hasBeenSuppressed(itemsOf(result, 'suppressions')),
  };
}

/** Gives the score of a rule or of a result, a short text or a number. */
export function scoreOf(item: unknown): unknown {
  const score = fieldOf(fieldOf(item, 'properties'), 'security-severity');
  return typeof score === 'string' ? cutName(score) : score;
}

/** Characters the result takes while it waits. */
export function sizeOf(result: SarifResult): number {
  const texts = [
    result.ruleId,
    result.text,
    result.uri,
    ...result.messageArguments,
    ...result.fingerprints,
    ...result.partialFingerprints,
  ];
  return texts.reduce((sum, { length }) => sum + length, 256);
}

function indexOf(item: unknown, key: string): number | undefined {
  const index = numberOf(item, key);
  return index !== undefined && Number.isInteger(index) && index >= 0 ? index : undefined;
}

function storableLine(region: unknown): number | null {
  const line = lineOf(region, 'startLine');
  return line === null || line > 0x7fffffff ? null : line;
}

function textsBelow(item: unknown): (readonly [string, string])[] {
  if (typeof item !== 'object' || item === null) return [];
  return Object.entries(item)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .slice(0, MOST_FINGERPRINTS)
    .map(([key, value]) => [cutName(key), cutName(value)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

/** SARIF 3.27.23: suppressed, unless a suppression is under review or was rejected. */
function hasBeenSuppressed(suppressions: readonly unknown[]): boolean {
  const statuses = suppressions.map((suppression) => textOf(suppression, 'status'));
  return statuses.length > 0 && statuses.every((status) => status === '' || status === 'accepted');
}
