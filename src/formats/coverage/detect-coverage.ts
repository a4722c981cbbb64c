import { SaxesParser } from 'saxes';
import { createReportDecoder } from '../decode-text.ts';
import { createXmlDecoder } from '../decode-xml.ts';
import { createJsonStream } from '../json-stream.ts';
import type { JsonPath } from '../json-walker.ts';
import type { CoverageFormat } from './coverage-formats.ts';

/** Bytes at the beginning of a report that must tell its format. */
export const LONGEST_HEAD = 262_144;

/** What the beginning of a file says: its format, that more of it is needed, that it is empty or no coverage report. */
export type CoverageDetection = CoverageFormat | 'MORE' | 'EMPTY' | 'NONE';

type Told = CoverageFormat | 'NONE' | undefined;

/**
 * Tells of which format a coverage report is, from its first bytes (not compressed) and by nothing but its content. `isWhole` says
 * that nothing follows them. Once it is not `MORE`, it is the same for any longer beginning; with 256 KiB it is never `MORE`.
 */
export function detectCoverage(bytes: Uint8Array, isWhole: boolean): CoverageDetection {
  const isEnough = isWhole || bytes.length >= LONGEST_HEAD;
  const head = bytes.subarray(0, LONGEST_HEAD);
  const decoder = createReportDecoder();
  const text = decoder.write(head) + (isEnough ? decoder.end() : '');
  const first = /\S/.exec(text)?.[0];
  if (first === undefined) return isWhole ? 'EMPTY' : isEnough ? 'NONE' : 'MORE';

  const told = tell(first, { head, text, isEnough });
  return told ?? (isEnough ? 'NONE' : 'MORE');
}

interface Head {
  readonly head: Uint8Array;
  readonly text: string;
  readonly isEnough: boolean;
}

function tell(first: string, { head, text, isEnough }: Head): Told {
  if (first === '<') return tellXml(head);
  return first === '{' ? tellJson(text) : tellLines(text, isEnough);
}

const ROOTS: ReadonlyMap<string, CoverageFormat> = new Map([
  ['report', 'JACOCO'],
  ['CoverageSession', 'OPENCOVER'],
]);

/** Elements a `<coverage>` begins with. */
const BELOW_COVERAGE: ReadonlyMap<string, CoverageFormat> = new Map([
  ['project', 'CLOVER'],
  ['testproject', 'CLOVER'],
  ['sources', 'COBERTURA'],
  ['packages', 'COBERTURA'],
  ['package', 'COBERTURA'],
  ['classes', 'COBERTURA'],
]);

/** Looks at the root element, and at the next where the root is the same; what is wrong with the XML is for its reader to say. */
function tellXml(head: Uint8Array): Told {
  let told: Told;
  let isBelowCoverage = false;
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', () => undefined);
  parser.on('opentag', ({ name, attributes }) => {
    const localName = name.slice(name.indexOf(':') + 1);
    if (isBelowCoverage) told ??= BELOW_COVERAGE.get(localName) ?? 'NONE';
    else if (localName !== 'coverage') told ??= ROOTS.get(localName) ?? 'NONE';
    else if ('line-rate' in attributes || 'lines-valid' in attributes) told ??= 'COBERTURA';
    else isBelowCoverage = true;
  });
  parser.write(decodeXml(head));
  return told;
}

/** An encoding that nobody knows is for the reader to refuse: the root element is readable as ASCII. */
function decodeXml(head: Uint8Array): string {
  try {
    return createXmlDecoder().write(head);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return Buffer.from(head).toString('latin1');
  }
}

/** The first line that is neither empty nor a comment decides. */
function tellLines(text: string, isEnough: boolean): Told {
  const lines = text.split('\n');
  const complete = isEnough ? lines : lines.slice(0, -1);
  const line = complete
    .map((each) => each.trim())
    .find((each) => each !== '' && !each.startsWith('#'));
  if (line === undefined) return undefined;
  if (/^(?:TN|SF):/.test(line)) return 'LCOV';
  return /^mode: ?\w+$/.test(line) ? 'GO_COVER' : 'NONE';
}

/** The first key, in document order, that only one of the formats has decides. */
function tellJson(text: string): Told {
  let told: Told;
  const json = createJsonStream({
    open(path) {
      told ??= tellPath(path);
      return path.length < 2 && told == null ? 'ENTER' : 'SKIP';
    },
    value: () => undefined,
  });
  json.write(text);
  return told ?? (json.problem() == null ? undefined : 'NONE');
}

function tellPath([first, second]: JsonPath): Told {
  if (second === 'statementMap' || second === 'fnMap') return 'ISTANBUL';
  const isSimpleCov =
    second === 'coverage' ||
    second === 'simplecov_version' ||
    (first === 'coverage' && second !== undefined) ||
    (first === 'metrics' && (second === 'covered_percent' || second === 'total_lines')) ||
    (first === 'result' && (second === 'line' || second === 'covered_percent'));
  return isSimpleCov ? 'SIMPLECOV' : undefined;
}
