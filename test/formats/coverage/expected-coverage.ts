import { readFileSync } from 'node:fs';
import type { CoverageFormat } from '../../../src/formats/coverage/coverage-formats.ts';

/** A real report and what was counted in it by other means. */
export interface ExpectedCoverage {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly format: CoverageFormat;
  readonly files: number;
  readonly covered: number;
  readonly coverable: number;
}

const directory = new URL('../../fixtures/coverage/', import.meta.url);

const FORMATS: Readonly<Record<string, CoverageFormat>> = {
  cobertura: 'COBERTURA',
  jacoco: 'JACOCO',
  clover: 'CLOVER',
  lcov: 'LCOV',
  opencover: 'OPENCOVER',
  'simplecov-resultset': 'SIMPLECOV',
  'go-coverprofile': 'GO_COVER',
};

/** Keys of expected.json that hold covered and coverable lines, or what the format counts instead. */
const COVERED = [
  'lines_covered',
  'line_elements_with_covered_instructions',
  'stmt_lines_covered',
  'statements_covered',
  'visited_sequence_points',
];
const COVERABLE = [
  'lines_valid',
  'line_elements',
  'stmt_lines_valid',
  'statements',
  'sequence_points',
];

/** The reports of test/fixtures/coverage that have lines. */
export function expectedCoverage(): readonly ExpectedCoverage[] {
  // Our own file, in the shape it is in.
  const expected = JSON.parse(readFileSync(new URL('expected.json', directory), 'utf8')) as Record<
    string,
    Readonly<Record<string, unknown>>
  >;
  return Object.entries(expected).flatMap(([path, counts]) => {
    const format = FORMATS[String(counts['format'])];
    if (format == null) return [];
    const numberAt = (keys: readonly string[]): number =>
      Number(keys.map((key) => counts[key]).find((count) => count !== undefined));
    return {
      path,
      bytes: coverageFixture(path),
      format,
      files: numberAt(['files', 'sourcefiles']),
      covered: numberAt(COVERED),
      coverable: numberAt(COVERABLE),
    };
  });
}

/** Bytes of a file of test/fixtures/coverage. */
export function coverageFixture(path: string): Uint8Array {
  return readFileSync(new URL(path, directory));
}
