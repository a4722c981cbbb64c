import { createJsonStream } from '../json-stream.ts';
import { fieldOf, isObject, textOf } from '../json-values.ts';
import type { JsonPath } from '../json-walker.ts';
import type { ProblemEvent, WarningEvent } from '../report-events.ts';
import { ReportRefusal } from '../report-refusal.ts';
import { createWarnings } from '../report-warnings.ts';
import { wrongFormat } from '../wrong-format.ts';
import { cutName, type Finding } from './finding.ts';
import { createSarifRun, type SarifRun } from './sarif-run.ts';
import {
  ignoredKeys,
  interestIn,
  isFindingsList,
  takeFromRun,
  withoutWrapper,
} from './security-paths.ts';
import { type FindingSeverity, findingSeverities } from './severity.ts';
import { simpleFinding } from './simple-finding.ts';

const MOST_FINDINGS = 200_000;
const MOST_TOOLS = 100;

/** What a security report says besides its findings. */
export interface SecurityResult {
  /** The form the report has; null when it has none of them. */
  readonly format: 'SARIF' | 'SIMPLE' | null;
  /** The last findings. */
  readonly findings: readonly Finding[];
  /** Scanners of its runs, also of those that found nothing, in the order they stand. */
  readonly tools: readonly string[];
  /** `sast`, `dependency`, `container` or `secret`, as the report says it; null when it does not. */
  readonly scanType: string | null;
  /** What the report itself counts, by severity; null when it does not. */
  readonly counts: Readonly<Partial<Record<FindingSeverity, number>>> | null;
  readonly warnings: readonly WarningEvent[];
  /** Why the rest was not read; undefined when all was. The findings before it stand. */
  readonly problem: ProblemEvent | undefined;
}

/** Reads one security report, fed by hand, in memory that does not grow with it. Never throws on what it reads. */
export interface SecurityReader {
  /** Takes the next piece, gives the findings it completes. */
  write(chunk: Uint8Array | string): readonly Finding[];
  end(): SecurityResult;
}

/**
 * Makes the reader of SARIF 2.1.0 logs, of the simple form of BuildButler (`findings` or `vulnerabilities`), and of SARIF under
 * `sarif` or `report` in it. Findings come in the order they stand. Contract: buildbutler.md 7.6.
 */
export function createSecurityReader(): SecurityReader {
  const warnings = createWarnings();
  const tools = new Set<string>();
  const headers = new Map<string, unknown>();
  let run: SarifRun | undefined;
  let findings: Finding[] = [];
  let count = 0;
  let isReport = false;
  let hasRuns = false;

  function give(more: readonly Finding[]): void {
    count += more.length;
    if (count > MOST_FINDINGS)
      throw new ReportRefusal('LIMIT', `The report has more than ${MOST_FINDINGS} findings.`);
    for (const finding of more) findings.push(finding);
  }

  function addTool(tool: string | null): void {
    if (tool !== null && tools.size < MOST_TOOLS) tools.add(tool);
  }

  function endRun(): void {
    const ended = run;
    run = undefined;
    if (ended == null) return;
    addTool(ended.tool());
    give(ended.end());
  }

  function openRunPart(path: JsonPath): void {
    if (path.length === 2) {
      endRun();
      run = createSarifRun();
    }
    if (path.length === 3) run?.see(String(path[2]));
  }

  /** Says why what was read to its end is not what it should be. */
  function wrongReport(): ProblemEvent | undefined {
    if (!isReport) return NO_REPORT;
    const version = headers.get('version');
    const isOld = hasRuns && typeof version === 'string' && /^[01]\./.test(version);
    return isOld ? wrongFormat('SARIF before version 2 is not read.') : undefined;
  }

  const json = createJsonStream({
    ignoredKeys,
    open(path) {
      const below = withoutWrapper(path);
      hasRuns ||= below[0] === 'runs';
      isReport ||= hasRuns || isFindingsList(below[0]) || path[0] === 'summary';
      if (below[0] === 'runs') openRunPart(below);
      return interestIn(below);
    },
    value(path, value) {
      const below = withoutWrapper(path);
      if (below[0] === 'runs') give(run == null ? [] : takeFromRun(run, below, value));
      else if (below.length === 1) headers.set(String(below[0]), value);
      else if (isObject(value)) give([simpleFinding(value)]);
      else warnings.add('SKIPPED_ITEM', 'Findings that are no objects were skipped');
    },
  });

  function takeFindings(): readonly Finding[] {
    const taken = findings;
    findings = [];
    return taken;
  }

  /** What waited for the end of its run is given also when the report breaks off in it. */
  function closeRun(): ProblemEvent | undefined {
    try {
      endRun();
      return undefined;
    } catch (error) {
      if (!(error instanceof ReportRefusal)) throw error;
      const { code, message } = error;
      return { kind: 'PROBLEM', code, message, line: null, column: null };
    }
  }

  return {
    write(chunk) {
      json.write(chunk);
      return takeFindings();
    },
    end() {
      json.end();
      const limit = closeRun();
      if (json.skipped() > 0)
        warnings.add('SKIPPED_ITEM', 'Reports with findings larger than 16 Mi characters');
      for (const key of ['tool', 'scanner']) addTool(toolIn(headers.get(key)));
      return {
        format: hasRuns ? 'SARIF' : isReport ? 'SIMPLE' : null,
        findings: takeFindings(),
        tools: [...tools],
        scanType: cutName(textOf(Object.fromEntries(headers), 'type')) || null,
        counts: countsIn(headers.get('summary')),
        warnings: warnings.events(),
        problem: json.problem() ?? limit ?? wrongReport(),
      };
    },
  };
}

const NO_REPORT = wrongFormat(
  'The file is no security report: it has neither `runs` (SARIF) nor `findings` or `vulnerabilities`.',
);

/** Gives the scanner that a field names, as text or as an object with a name; null when it names none. */
export function toolIn(header: unknown): string | null {
  const name = typeof header === 'string' ? header : textOf(header, 'name');
  return cutName(name) || null;
}

function countsIn(summary: unknown): SecurityResult['counts'] {
  if (!isObject(summary)) return null;
  const counts: Partial<Record<FindingSeverity, number>> = {};
  for (const severity of findingSeverities) {
    const count = fieldOf(summary, severity.toLowerCase()) ?? fieldOf(summary, severity);
    if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0)
      counts[severity] = count;
  }
  return Object.keys(counts).length === 0 ? null : counts;
}
