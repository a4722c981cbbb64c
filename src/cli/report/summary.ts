import type { Report } from './describe-report.ts';
import type { SentReport } from './send-report.ts';

/** Gives the one line at the end: what was stored, and of which build. */
export function summarize({ build }: Report, { buildId, tally }: SentReport): string {
  if (buildId === undefined) return 'nothing was stored';
  const { tests, files } = tally;
  const parts = [
    files.tests === 0
      ? ''
      : `results: ${tests.accepted} accepted, ${tests.duplicates} duplicates, ${tests.rejected} rejected`,
    counted(files.tests, 'test report'),
    counted(files.coverage, 'coverage file'),
    counted(files.security, 'security report'),
    counted(files.logs, 'log'),
  ].filter((part) => part !== '');
  const where = build.url ? `build ${buildId} (${build.url})` : `build ${buildId}`;
  return [...parts, where].join(', ');
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;
}
