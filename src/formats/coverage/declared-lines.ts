import type { CoverageSink } from './coverage-sink.ts';
import { countAll, type LineCount } from './coverage-tally.ts';

/**
 * Compares the lines of a report with what it says to have. Where it names no line at all, its own count is taken; where the two
 * differ, the lines stand and a warning tells.
 *
 * @throws {ReportRefusal} when the files together are too large
 */
export function checkDeclared({ tally, warnings }: CoverageSink, declared: LineCount): void {
  const { covered, coverable } = countAll(tally);
  if (coverable === 0) tally.addRest(declared);
  else if (covered !== declared.covered || coverable !== declared.coverable)
    warnings.add(
      'COUNTS_DIFFER',
      `Reports that say ${declared.covered} of ${declared.coverable} lines and have ${covered} of ${coverable}`,
    );
}
