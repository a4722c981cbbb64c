import { readFileSync } from 'node:fs';

/** A real SARIF log and what was counted in it by other means. */
export interface ExpectedSecurity {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly json: boolean;
  readonly results: number;
  readonly tools: readonly string[];
  /** Results by level as it is written; `(absent)` for those without. */
  readonly levels: Readonly<Record<string, number>>;
  readonly suppressed: number;
}

const directory = new URL('../../fixtures/sarif/', import.meta.url);

/** The logs of test/fixtures/sarif. */
export function expectedSecurity(): readonly ExpectedSecurity[] {
  // Our own file, in the shape it is in.
  const expected = JSON.parse(readFileSync(new URL('expected.json', directory), 'utf8')) as Record<
    string,
    Omit<ExpectedSecurity, 'path' | 'bytes'> & { readonly results_with_suppressions?: number }
  >;
  return Object.entries(expected).map(([path, counts]) => ({
    ...counts,
    path,
    bytes: readFileSync(new URL(path, directory)),
    suppressed: counts.results_with_suppressions ?? 0,
  }));
}
