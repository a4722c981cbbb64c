/** Formats of coverage reports that can be read. */
export const coverageFormats = [
  'COBERTURA',
  'JACOCO',
  'CLOVER',
  'LCOV',
  'OPENCOVER',
  'SIMPLECOV',
  'GO_COVER',
  'ISTANBUL',
] as const;

export type CoverageFormat = (typeof coverageFormats)[number];
