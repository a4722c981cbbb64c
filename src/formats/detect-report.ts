import { SaxesParser } from 'saxes';
import { createReportDecoder } from './decode-text.ts';
import { createXmlDecoder } from './decode-xml.ts';
import { detectJson } from './detect-json.ts';
import type { ReportFormat } from './report-formats.ts';
import { xmlReportFormat } from './xml-root.ts';

/** Bytes at the beginning of a report that must tell its format. */
export const LONGEST_HEAD = 262_144;

/** So much is parsed at a time: the root element mostly stands in the first of them. */
const SLICE = 1_024;

/** What the beginning of a file says: its format, that more of it is needed, that it is empty or no report. */
export type Detection = ReportFormat | 'MORE' | 'EMPTY' | 'NONE';

/**
 * Tells of which format a report is, from its first bytes (not compressed) and by nothing but its content. `isWhole` says
 * that nothing follows them. Once it is not `MORE`, the answer is the same for any longer beginning; with 256 KiB it is never `MORE`.
 */
export function detectReport(bytes: Uint8Array, isWhole: boolean): Detection {
  const isEnough = isWhole || bytes.length >= LONGEST_HEAD;
  const head = bytes.subarray(0, LONGEST_HEAD);
  const decoder = createReportDecoder();
  const text = decoder.write(head) + (isEnough ? decoder.end() : '');
  const first = /\S/.exec(text)?.[0];
  if (first === undefined) return isWhole ? 'EMPTY' : isEnough ? 'NONE' : 'MORE';
  return first === '<' ? detectXml(head, isEnough) : detectJson(text, isEnough);
}

/** Looks at the root element only; what is wrong with the XML is for its reader to say. */
function detectXml(head: Uint8Array, isEnough: boolean): Detection {
  let format: ReportFormat | 'NONE' | undefined;
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', () => undefined);
  parser.on('opentag', ({ name, attributes }) => {
    const localName = name.slice(name.indexOf(':') + 1);
    format ??= xmlReportFormat({ name: localName, attributes }) ?? 'NONE';
  });
  const text = decodeXml(head);
  for (let start = 0; start < text.length && format === undefined; start += SLICE) {
    parser.write(text.slice(start, start + SLICE));
  }
  return format ?? (isEnough ? 'NONE' : 'MORE');
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
