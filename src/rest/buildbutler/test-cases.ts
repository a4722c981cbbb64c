import { storableJson } from '../../domain/storable-json.ts';
import { maxLongText } from '../../domain/text.ts';
import { fieldOf } from '../../formats/json-values.ts';
import type { TestResultInput } from '../../ingest/test-result-input.ts';
import { toText } from './fields.ts';

const longestName = 10_000;

const statuses: ReadonlyMap<string, TestResultInput['status']> = new Map([
  ['PASSED', 'PASSED'],
  ['FAILED', 'FAILED'],
  ['SKIPPED', 'SKIPPED'],
  ['ERROR', 'ERRORED'],
  ['ERRORED', 'ERRORED'],
]);

/** A suite as it was sent. */
export interface SaidSuite {
  readonly name: string;
  readonly testCases: unknown;
}

/**
 * Gives the results of suites, as they are asked for. Whatever is odd in them is stored as well as can be (Contract:
 * buildbutler.md 7.3): a suite that is refused takes all later ones of its run with it. Cases of one name in one suite
 * are attempts of one test, in their order.
 */
export function* readSuites(
  suites: readonly SaidSuite[],
): Generator<TestResultInput, void, undefined> {
  for (const { name, testCases } of suites) {
    const mentions = new Map<string, number>();
    for (const testCase of listOf(testCases)) {
      const result = readTestCase(name, testCase);
      const key = JSON.stringify([result.className, result.name]);
      const attempt = (mentions.get(key) ?? 0) + 1;
      mentions.set(key, attempt);
      yield { ...result, attempt };
    }
  }
}

/** Converters of XML write a list of one as its one item. */
function listOf(value: unknown): readonly unknown[] {
  if (value == null) return [];
  return Array.isArray(value) ? value : [value];
}

function readTestCase(suite: string, testCase: unknown): TestResultInput {
  const field = (key: string) => fieldOf(testCase, key);
  return {
    suite,
    className: toText(field('className'), longestName) ?? 'unknown',
    name: toText(field('testName') ?? field('name'), longestName) ?? 'unknown',
    ...toTestStatus(field('status')),
    durationUs: toMicroseconds(field('duration')),
    message: toLongText(field('errorMessage')),
    stackTrace: toLongText(field('stackTrace')),
  };
}

function toTestStatus(value: unknown): Pick<TestResultInput, 'status' | 'statusRaw'> {
  const word = toText(value, 64) || 'unknown';
  return { status: statuses.get(word.trim().toUpperCase()) ?? 'OTHER', statusRaw: word };
}

/** Milliseconds may have fractions. */
function toMicroseconds(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) return null;
  return Math.round(Math.min(Math.max(number * 1000, 0), Number.MAX_SAFE_INTEGER));
}

/** A trace that looks like a number or a boolean arrives as one. */
function toLongText(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return toText(value, maxLongText);
  return JSON.stringify(storableJson(value)).slice(0, maxLongText);
}
