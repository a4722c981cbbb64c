import { createJsonStream } from './json-stream.ts';
import type { ReportFormat } from './report-formats.ts';

const DEEPEST_DECISIVE = 3;

/** Paths that together tell a format; `*` stands for an index. The first rule that is complete, in document order, decides. */
const RULES: readonly (readonly [ReportFormat, ...string[]])[] = [
  ['CTRF', 'results.tests'],
  ['CTRF', 'results.summary', 'results.tool'],
  ['CTRF', 'reportFormat', 'specVersion'],
  ['JEST', 'numTotalTests', 'numFailedTests'],
  ['JEST', 'testResults.*.assertionResults'],
  ['PLAYWRIGHT', 'config.projects'],
  ['PLAYWRIGHT', 'suites.*.specs'],
  ['PLAYWRIGHT', 'suites', 'stats.unexpected'],
  ['MOCHA', 'stats.passes', 'tests'],
  ['MOCHA', 'stats.passes', 'failures'],
  ['MOCHA', 'passes', 'failures'],
  ['CUCUMBER_JSON', '*.elements'],
  ['CUCUMBER_JSON', '*.keyword', '*.uri'],
  ['CUCUMBER_MESSAGES', 'meta.protocolVersion'],
  ['CUCUMBER_MESSAGES', 'gherkinDocument'],
  ['CUCUMBER_MESSAGES', 'pickle.astNodeIds'],
  ['CUCUMBER_MESSAGES', 'source.mediaType'],
  ['CUCUMBER_MESSAGES', 'testRunStarted.timestamp'],
  ['RSPEC', 'examples', 'version'],
  ['RSPEC', 'examples', 'summary_line'],
  ['RSPEC', 'summary.example_count'],
  ['GO_TEST', 'Action', 'Package'],
  ['GO_TEST', 'Action', 'ImportPath'],
  ['DART', 'protocolVersion', 'runnerVersion'],
  ['DART', 'suite.platform', 'time'],
  ['DART', 'test.suiteID', 'time'],
];

const DECISIVE = new Set(RULES.flatMap(([, ...paths]) => paths));

/** What the keys of a JSON text say: a format, that there must be more, or that it is no report. */
export type JsonVerdict = ReportFormat | 'MORE' | 'NONE';

/**
 * Tells from its keys, in any order, of which format the beginning of a JSON report is. Where the text is no single
 * document, each of its complete lines is looked at; `isWhole` says that nothing follows the text.
 */
export function detectJson(text: string, isWhole: boolean): JsonVerdict {
  const verdict = /^\s*[[{]/.test(text) ? detectDocument(text, isWhole) : 'NONE';
  if (verdict !== 'NONE') return verdict;

  const lines = text.split('\n');
  const complete = isWhole ? lines : lines.slice(0, -1);
  for (const line of complete) {
    if (!/^\s*\{/.test(line)) continue;
    const told = detectDocument(line, true);
    if (told !== 'NONE') return told;
  }
  return isWhole ? 'NONE' : 'MORE';
}

function detectDocument(text: string, isWhole: boolean): JsonVerdict {
  const seen = new Set<string>();
  let format: ReportFormat | undefined;
  const json = createJsonStream({
    open(path) {
      const name = path.map((key) => (typeof key === 'number' ? '*' : key)).join('.');
      if (DECISIVE.has(name)) seen.add(name);
      format ??= RULES.find(([, ...paths]) => paths.every((decisive) => seen.has(decisive)))?.[0];
      return path.length < DEEPEST_DECISIVE ? 'ENTER' : 'SKIP';
    },
    value: () => undefined,
  });
  json.write(text);
  if (isWhole) json.end();
  if (format != null) return format;
  // Cucumber writes `[]` when there is no feature to run; no other format is an array.
  if (isWhole && /^\s*\[\s*\]\s*$/.test(text)) return 'CUCUMBER_JSON';
  return isWhole || json.problem() != null ? 'NONE' : 'MORE';
}
