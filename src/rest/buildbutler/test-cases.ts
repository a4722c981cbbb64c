import { storableJson } from '../../domain/storable-json.ts';
import { maxLongText } from '../../domain/text.ts';
import { fieldOf } from '../../formats/json-values.ts';
import type { TestResultInput } from '../../ingest/test-result-input.ts';
import { toText } from './fields.ts';

const longestName = 10_000;

const statuses = {
  PASSED: 'PASSED',
  FAILED: 'FAILED',
  SKIPPED: 'SKIPPED',
  ERROR: 'ERRORED',
  ERRORED: 'ERRORED',
} as const satisfies Record<string, TestResultInput['status']>;

/**
 * Gives the results of a suite. Whatever is odd in it is stored as well as can be (Contract: buildbutler.md 7.3): a
 * suite that is refused takes all later ones of its run with it. Cases of one name are attempts of one test, in their order.
 */
export function readTestCases(suite: string, testCases: unknown): TestResultInput[] {
  const mentions = new Map<string, number>();
  return listOf(testCases).map((testCase) => {
    const result = readTestCase(suite, testCase);
    const key = JSON.stringify([result.className, result.name]);
    const attempt = (mentions.get(key) ?? 0) + 1;
    mentions.set(key, attempt);
    return { ...result, attempt };
  });
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
  const known = word.trim().toUpperCase();
  const status = known in statuses ? statuses[known as keyof typeof statuses] : 'OTHER';
  return { status, statusRaw: word };
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
