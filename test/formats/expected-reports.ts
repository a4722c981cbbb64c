import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Count = z.number().default(0);

const Entry = z
  .object({
    format: z.string(),
    well_formed: z.boolean(),
    error: z.string().default(''),
    suites: Count,
    cases: Count,
    passed: Count,
    failed: Count,
    errored: Count,
    skipped: Count,
    disabled: Count,
    inconclusive: Count,
    run_infos: Count,
    declared_on_root: z.record(z.string(), z.unknown()).default({}),
    declared_disagrees: z.array(z.string()).default([]),
    retry: z.record(z.string(), z.number()).default({}),
    merged: z.object({ tests: Count, attempts: Count }).prefault({}),
    time_seconds: z.string().nullish(),
  })
  .transform((entry) => ({
    format: entry.format,
    runInfos: entry.run_infos,
    inconclusive: entry.inconclusive,
    /** A counter that is empty contradicts nothing, and not every counter is looked at. */
    isContradicted: entry.declared_disagrees.some(
      (name) =>
        ['tests', 'failures', 'errors', 'skipped'].includes(name) &&
        entry.declared_on_root[name] !== '',
    ),
    isWellFormed: entry.well_formed,
    brokenLine: Number(/line (\d+)/.exec(entry.error)?.[1]),
    seconds: Number(entry.time_seconds ?? 0),
    counts: {
      suites: entry.suites,
      cases: entry.cases,
      passed: entry.passed,
      failed: entry.failed,
      errored: entry.errored,
      skipped: entry.skipped,
      disabled: entry.disabled,
      flakyFailure: entry.retry['flakyFailure'] ?? 0,
      flakyError: entry.retry['flakyError'] ?? 0,
      rerunFailure: entry.retry['rerunFailure'] ?? 0,
      rerunError: entry.retry['rerunError'] ?? 0,
      tests: entry.merged.tests,
      attempts: entry.merged.attempts,
    },
  }));

/** One fixture, with what its README's rules count in it. */
export interface ExpectedReport extends z.output<typeof Entry> {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Gives every report named in `expected.json` of the folder. */
export function expectedReports(folder: URL): readonly ExpectedReport[] {
  const entries = z
    .record(z.string(), Entry)
    .parse(JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')));
  return Object.entries(entries).map(([path, entry]) => {
    const bytes = readFileSync(new URL(path.split('/').map(encodeURIComponent).join('/'), folder));
    return { path, bytes, ...entry };
  });
}
