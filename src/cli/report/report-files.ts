import type { Printer } from './printer.ts';
import { requestLimits } from './batches.ts';
import { findFiles, type FoundFile, splitGlobs } from './find-files.ts';
import type { ReportFlags } from './report-flags.ts';
import { isPresent, type Variables } from './ci-facts.ts';

export interface ReportFiles {
  readonly tests: readonly FoundFile[];
  readonly coverage: readonly FoundFile[];
  readonly security: readonly FoundFile[];
  readonly logs: readonly FoundFile[];
}

/** Which files of a directory count, where a directory is given. */
const extensions = {
  junit: ['xml', 'json', 'ndjson', 'trx'],
  coverage: ['xml', 'json', 'info', 'lcov', 'out'],
  sarif: ['sarif', 'json'],
  log: ['log', 'txt'],
} as const;

/** Finds the files of each kind, and warns of each pattern that nothing fits and each file that is too large. */
export async function findReportFiles(
  flags: ReportFlags,
  { env, cwd }: { readonly env: Variables; readonly cwd: string },
  fail: Printer['warn'],
): Promise<ReportFiles> {
  const find = async (option: keyof typeof extensions, given: readonly string[] = []) => {
    const patterns = given.filter(isPresent);
    const { files, empty } = await findFiles(patterns, cwd, extensions[option]);
    for (const pattern of empty) fail(describeEmpty(option, pattern));
    const tooLarge = files.filter(({ sizeBytes }) => sizeBytes > requestLimits.bytes);
    for (const { name } of tooLarge) {
      fail(`${name} is larger than 511 MiB, the most that is taken: pack it with gzip.`);
    }
    return files.filter((file) => !tooLarge.includes(file));
  };
  return {
    tests: await find('junit', flags.junit ?? splitGlobs(env['TEST_RESULTS_GLOB'] ?? '')),
    coverage: await find('coverage', flags.coverage),
    security: await find('sarif', flags.sarif),
    logs: await find('log', flags.log),
  };
}

function describeEmpty(option: string, pattern: string): string {
  return (
    `No file fits --${option} '${pattern}'. Did the step before write its reports? Globs are read from the working ` +
    `directory; put them in quotes, and write ** for any number of directories, e.g. '**/test-results/*.xml'.`
  );
}
