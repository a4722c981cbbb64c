import type { Attributes } from '../xml-document.ts';
import {
  type CoverageParser,
  type CoverageSink,
  markHits,
  openFile,
  readCount,
  readNumber,
} from './coverage-sink.ts';
import type { FileCoverage, LineCount } from './coverage-tally.ts';
import { checkDeclared } from './declared-lines.ts';
import { createXmlCoverage } from './xml-coverage.ts';

const SCOPES: readonly string[] = ['report', 'group', 'package', 'sourcefile'];

/** A report, group, package or source file that is open. */
interface Scope {
  readonly element: string;
  readonly name: string;
  /** True when something inside it has lines or counts. */
  hasMore: boolean;
  count: LineCount | undefined;
}

/**
 * Makes a parser of JaCoCo XML. Paths are `package/file`, after the names of its groups where another group has the same.
 * A source file without lines has its counter; a package without files or a group without packages is counted as one file.
 */
export function createJacocoParser(sink: CoverageSink): CoverageParser {
  const scopes: Scope[] = [];
  const groupOfPath = new Map<string, string>();
  /** Depth of elements that have counters and lines of their own, i.e. classes and methods. */
  let ignoredDepth = 0;
  let file: FileCoverage | undefined;
  let reports = 0;
  let declared: LineCount | undefined;

  function namesOf(element: string): string {
    const named = scopes.filter((scope) => scope.element === element && scope.name !== '');
    return named.map(({ name }) => name).join('/');
  }

  function pathHere(): string {
    const group = namesOf('group');
    const path = [namesOf('package'), namesOf('sourcefile')]
      .filter((part) => part !== '')
      .join('/');
    if (path === '') return group;
    const owner = groupOfPath.get(path) ?? group;
    groupOfPath.set(path, owner);
    return owner === group ? path : `${group}/${path}`;
  }

  function openScope(element: string, attributes: Attributes): void {
    scopes.push({ element, name: attributes['name'] ?? '', hasMore: false, count: undefined });
    if (element === 'sourcefile') file = openFile(sink, pathHere());
  }

  function closeScope(): void {
    const scope = scopes.at(-1);
    if (scope == null) return;
    if (scope.element === 'report') {
      reports += 1;
      declared = scope.count;
    } else if (!scope.hasMore && scope.count != null && scope.count.coverable > 0) {
      scope.hasMore = true;
      const counted = openFile(sink, pathHere());
      if (counted != null) sink.tally.count(counted, scope.count);
    }
    if (scope.element === 'sourcefile') file = undefined;
    scopes.pop();
    const parent = scopes.at(-1);
    if (parent != null) parent.hasMore ||= scope.hasMore;
  }

  function takeLine({ nr, ci }: Attributes): void {
    const scope = scopes.at(-1);
    if (file == null || scope == null) return;
    scope.hasMore = true;
    markHits(sink, file, { line: nr, hits: ci });
  }

  function takeCounter({ type, missed, covered }: Attributes): void {
    const scope = scopes.at(-1);
    if (scope == null || type !== 'LINE') return;
    const coverable = readNumber(covered) + readNumber(missed);
    scope.count = readCount(covered, String(coverable));
  }

  return createXmlCoverage({
    root: 'report',
    format: 'JaCoCo XML',
    open(name, attributes) {
      if (ignoredDepth > 0 || name === 'class') ignoredDepth += 1;
      else if (SCOPES.includes(name)) openScope(name, attributes);
      else if (name === 'line') takeLine(attributes);
      else if (name === 'counter') takeCounter(attributes);
    },
    close(name) {
      if (ignoredDepth > 0) ignoredDepth -= 1;
      else if (SCOPES.includes(name)) closeScope();
    },
    end() {
      if (declared != null && reports === 1) checkDeclared(sink, declared);
    },
  });
}
