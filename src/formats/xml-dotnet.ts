import { toFailure, type Failure } from './failure-text.ts';
import { childAt, textIn, type XmlElement } from './xml-tree.ts';

const MICROSECONDS_PER_SECOND = 1_000_000;

/** Gives the whole microseconds of a .NET time span, e.g. `00:00:12.6078697` or `1.02:03:04`; null when it is none. */
export function parseTimeSpanUs(timeSpan: string): number | null {
  const match = /^(?:(\d{1,7})\.)?(\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?)$/.exec(
    timeSpan.trim(),
  );
  if (match == null) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  const whole = (days * 24 + hours) * 3_600 + minutes * 60;
  return whole * MICROSECONDS_PER_SECOND + Math.round(seconds * MICROSECONDS_PER_SECOND);
}

/** Gives the file name of an assembly that is named by its path: the folders are those of one machine. */
export function assemblyName(path: string | undefined): string {
  return path?.replace(/^.*[\\/]/s, '') ?? '';
}

/** Gives the name of a test without that of its class, where it begins with it: `Ns.Class.Method(1)` is `Method(1)`. */
export function nameInClass(name: string, className: string): string {
  const prefix = `${className}.`;
  return className !== '' && name.length > prefix.length && name.startsWith(prefix)
    ? name.slice(prefix.length)
    : name;
}

/** Splits the full name of a test, e.g. `Ns.Class.Method("a.b")`; the class is empty when there is none in it. */
export function splitFullName(fullName: string): { className: string; name: string } {
  const method = /^[^("]*/.exec(fullName)?.[0] ?? '';
  const dot = method.lastIndexOf('.');
  return { className: fullName.slice(0, Math.max(dot, 0)), name: fullName.slice(dot + 1) };
}

/** Gives the exception that a message begins with, e.g. that of `System.Exception : Test`. */
export function exceptionIn(message: string): string | undefined {
  return /^(?:[^\n]* threw exception:\s+)?([\w.+`]*(?:Exception|Error)) ?: /.exec(
    message.trimStart(),
  )?.[1];
}

/** Gives the failure of an element with `message` and `stack-trace` in it, as NUnit and xUnit.net write it. */
export function dotnetFailure(element: XmlElement): Failure {
  const message = textIn(childAt(element, 'message'));
  const type = element.attributes['exception-type'] ?? exceptionIn(message);
  return toFailure({ message, type, body: textIn(childAt(element, 'stack-trace')) });
}
