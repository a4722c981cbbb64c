import type { AttemptEvent } from './report-events.ts';

/** Longest message or stack trace kept, in UTF-16 units. */
export const LONGEST_KEPT = 65_536;
/** Longest output kept, in UTF-16 units. */
export const LONGEST_OUTPUT = 16_384;
const MOST_TEXTS = 100;

/** What a report says about one failure: the attributes of its element and the text inside. */
export interface Failure {
  readonly message: string | undefined;
  readonly type: string | undefined;
  readonly body: FailureText;
}

/** The text of a failure as it arrives. */
export interface FailureText {
  add(piece: string): void;
  toString(): string;
  isTruncated(): boolean;
}

/** Makes the failure of which a report says this. */
export function toFailure(failure: {
  readonly message?: string | undefined;
  readonly type?: string | undefined;
  readonly body?: string | undefined;
}): Failure {
  const body = createFailureText();
  body.add(failure.body ?? '');
  return { message: failure.message, type: failure.type, body };
}

/** Makes a text that keeps no more than its first 64 Ki characters, whatever is added. */
function createFailureText(): FailureText {
  let text = '';
  let isTruncated = false;
  return {
    add(piece) {
      if (isTruncated) return;
      const cut = keepText(text + piece.slice(0, LONGEST_KEPT + 1));
      text = cut.text;
      isTruncated = cut.isTruncated;
    },
    toString: () => text,
    isTruncated: () => isTruncated,
  };
}

/**
 * Gives what an attempt with these failures says: every message and every body, in order, and the first type. A
 * failure without a message has the first line of its body that is not empty (contract: buildpulse.md
 * 8.3), else its type.
 */
export function describeFailures(
  failures: readonly Failure[],
): Pick<AttemptEvent, 'message' | 'failureType' | 'stackTrace' | 'isTruncated'> {
  if (failures.length === 0)
    return { message: null, failureType: null, stackTrace: null, isTruncated: false };
  const told = failures.slice(0, MOST_TEXTS);
  const message = keepText(told.map(messageOf).filter(Boolean).join('\n'));
  const bodies = told.map(({ body }) =>
    body
      .toString()
      .replace(/^\s*\n/, '')
      .trimEnd(),
  );
  const stackTrace = keepText(bodies.filter(Boolean).join('\n\n'));
  return {
    message: message.text || null,
    failureType: failures.map(({ type }) => type).find(Boolean) ?? null,
    stackTrace: stackTrace.text || null,
    isTruncated:
      message.isTruncated ||
      stackTrace.isTruncated ||
      told.length < failures.length ||
      told.some(({ body }) => body.isTruncated()),
  };
}

/**
 * Gives what is kept of what an attempt printed: nothing of one that passed, else the beginnings of standard output and
 * standard error, 16 Ki characters in all, each at least half of that if it is as long.
 */
export function describeOutput(
  status: AttemptEvent['status'],
  { out, err }: { readonly out: string; readonly err: string },
): Pick<AttemptEvent, 'output' | 'isTruncated'> {
  if (status === 'PASSED') return { output: null, isTruncated: false };
  const [printed, complained] = [out.trimEnd(), err.trimEnd()];
  const room = Math.max(LONGEST_OUTPUT / 2, LONGEST_OUTPUT - printed.length - 1);
  const keptErr = keepText(complained, room);
  const keptOut = keepText(printed, LONGEST_OUTPUT - keptErr.text.length - 1);
  return {
    output: [keptOut.text, keptErr.text].filter(Boolean).join('\n') || null,
    isTruncated: keptOut.isTruncated || keptErr.isTruncated,
  };
}

function messageOf({ message, type, body }: Failure): string {
  return message?.trim() || firstLine(body.toString()) || type || '';
}

function firstLine(text: string): string {
  return /\S[^\n]*/.exec(text)?.[0].trimEnd() ?? '';
}

/** Cuts between characters: a surrogate pair stays whole or goes. */
function keepText(
  text: string,
  longest = LONGEST_KEPT,
): { readonly text: string; readonly isTruncated: boolean } {
  if (text.length <= longest) return { text, isTruncated: false };
  const last = text.charCodeAt(longest - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return { text: text.slice(0, splitsPair ? longest - 1 : longest), isTruncated: true };
}
