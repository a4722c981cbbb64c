import type { AttemptEvent } from './report-events.ts';

/** Longest message or stack trace kept, in UTF-16 units. */
export const LONGEST_KEPT = 65_536;
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

/** Makes a text that keeps no more than its first 64 Ki characters, whatever is added. */
export function createFailureText(): FailureText {
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
  const told = failures.slice(0, MOST_TEXTS);
  const message = keepText(told.map(messageOf).filter(Boolean).join('\n'));
  const bodies = told.map(({ body }) => body.toString().replace(/^\s*\n|\s+$/g, ''));
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

function messageOf({ message, type, body }: Failure): string {
  return message?.trim() || firstLine(body.toString()) || type || '';
}

function firstLine(text: string): string {
  return /\S[^\n]*/.exec(text)?.[0].trimEnd() ?? '';
}

/** Cuts between characters: a surrogate pair stays whole or goes. */
function keepText(text: string): { readonly text: string; readonly isTruncated: boolean } {
  if (text.length <= LONGEST_KEPT) return { text, isTruncated: false };
  const last = text.charCodeAt(LONGEST_KEPT - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return { text: text.slice(0, splitsPair ? LONGEST_KEPT - 1 : LONGEST_KEPT), isTruncated: true };
}
