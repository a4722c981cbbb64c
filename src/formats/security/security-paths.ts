import { isObject } from '../json-values.ts';
import type { Interest, JsonPath } from '../json-walker.ts';
import type { Finding } from './finding.ts';
import type { SarifRun } from './sarif-run.ts';

const WRAPPERS: readonly unknown[] = ['sarif', 'report'];
const LISTS: readonly unknown[] = ['findings', 'vulnerabilities'];
const HEADERS: readonly unknown[] = ['tool', 'scanner', 'type', 'summary', 'version'];

/** Parts of findings, rules and files that are large and not read. */
export const ignoredKeys: ReadonlySet<string> = new Set([
  'attachments',
  'codeFlows',
  'contents',
  'contextRegion',
  'fixes',
  'graphs',
  'graphTraversals',
  'hashes',
  'help',
  'relatedLocations',
  'snippet',
  'stacks',
  'webRequest',
  'webResponse',
]);

/** Tells whether a key holds findings in the simple form. */
export function isFindingsList(key: unknown): boolean {
  return LISTS.includes(key);
}

/** Gives the path below `sarif` or `report`, if it begins with one of them. */
export function withoutWrapper(path: JsonPath): JsonPath {
  return WRAPPERS.includes(path[0]) ? path.slice(1) : path;
}

/** Tells what is read below `runs`, `findings`, `vulnerabilities` and of the head of the report. */
export function interestIn(path: JsonPath): Interest {
  const [first, , part, component, fourth] = path;
  if (path.length === 0) return 'ENTER';
  if (first !== 'runs') {
    if (LISTS.includes(first)) return path.length === 1 ? 'ENTER' : 'READ';
    return HEADERS.includes(first) ? 'READ' : 'SKIP';
  }
  if (path.length < 3) return 'ENTER';
  if (part === 'results' || part === 'artifacts') return path.length === 3 ? 'ENTER' : 'READ';
  if (part !== 'tool') return 'SKIP';
  if (path.length === 3) return 'ENTER';
  if (component === 'driver') return interestInComponent(path.slice(4));
  if (component !== 'extensions') return 'SKIP';
  return typeof fourth === 'number' ? interestInComponent(path.slice(5)) : 'ENTER';
}

function interestInComponent(path: JsonPath): Interest {
  if (path.length === 0) return 'ENTER';
  if (path[0] === 'rules') return path.length === 1 ? 'ENTER' : 'READ';
  return path[0] === 'name' || path[0] === 'globalMessageStrings' ? 'READ' : 'SKIP';
}

/** Gives a value below `runs` to its run, and gives the findings that this completes. */
export function takeFromRun(run: SarifRun, path: JsonPath, value: unknown): readonly Finding[] {
  const [, , part, component, fourth] = path;
  if (part === 'results') return isObject(value) ? run.addResult(value) : [];
  if (part === 'artifacts') run.addArtifact(value);
  else if (path.includes('rules')) {
    run.rules.add(component === 'driver' ? undefined : Number(fourth), value);
  } else if (component === 'driver' && fourth === 'name') run.setTool(value);
  else if (component === 'driver') run.rules.addMessages(value);
  return [];
}
