import { createByteBuffer } from '../../blobs/byte-buffer.ts';
import { UploadError } from '../../blobs/upload-error.ts';
import { ValidationError } from '../../errors.ts';

/** The JSON around a log. */
export interface LogOutline {
  /** Takes bytes from the place on; gives the place where the log begins, or the end. */
  take(bytes: Buffer, from: number): number;
  /** Whether what follows is the text of the log. */
  isInLog(): boolean;
  /** What follows begins with the quote behind the log. */
  leaveLog(): void;
  /** Gives the JSON, in which the log is an empty text. */
  end(): unknown;
}

const logKey = 'logContent';
/** With its quotes, and each character written as `\uXXXX`. */
const longestKey = 6 * logKey.length + 2;
/** The most bytes of all that stands beside the log. */
const longestRest = 8 * 1024 * 1024;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/**
 * Makes an outline. It finds the log in what is well-formed, and keeps all else: whether it is well-formed shows when
 * that is parsed.
 */
export function createLogOutline(): LogOutline {
  const rest = createRest();
  const place = createPlace();
  let isInLog = false;
  let hasLog = false;

  function enterLog(): void {
    if (hasLog) throw new ValidationError([{ path: [logKey], message: 'is given twice' }]);
    hasLog = true;
    isInLog = true;
  }

  return {
    take(bytes, from) {
      for (let at = from; at < bytes.length; at += 1) {
        if (!place.step(bytes[at] ?? 0)) continue;
        enterLog();
        rest.keep(bytes.subarray(from, at + 1));
        return at + 1;
      }
      rest.keep(bytes.subarray(from));
      return bytes.length;
    },
    isInLog: () => isInLog,
    leaveLog() {
      isInLog = false;
      place.enterText();
    },
    end: () => rest.parse(),
  };
}

interface Place {
  /** Takes one byte; tells whether it is the quote with which the log begins. */
  step(byte: number): boolean;
  /** The next byte is one of a text. */
  enterText(): void;
}

/** Knows where in the document it is: how deep, in which text, behind which key of the outermost object. */
function createPlace(): Place {
  let depth = 0;
  let isObject = false;
  let isKeyNext = false;
  let isLogNext = false;
  let text: 'none' | 'key' | 'value' = 'none';
  let isEscaped = false;
  let key: number[] = [];
  let isLogKey = false;

  function stepInText(byte: number): void {
    if (text === 'key' && key.length < longestKey) key.push(byte);
    if (isEscaped) isEscaped = false;
    else if (byte === backslash) isEscaped = true;
    else if (byte === quote) {
      if (text === 'key') isLogKey = isLog(key);
      text = 'none';
    }
  }

  function beginText(): boolean {
    if (isLogNext) {
      isLogNext = false;
      return true;
    }
    const isKey = isKeyNext && depth === 1;
    text = isKey ? 'key' : 'value';
    key = [quote];
    if (isKey) isKeyNext = false;
    return false;
  }

  function open(isBrace: boolean): void {
    depth += 1;
    isLogNext = false;
    if (depth > 1) return;
    isObject = isBrace;
    isKeyNext = isBrace;
  }

  return {
    enterText() {
      text = 'value';
    },
    step(byte) {
      if (text !== 'none') {
        stepInText(byte);
        return false;
      }
      if (byte === quote) return beginText();
      if (byte === openBrace || byte === openBracket) open(byte === openBrace);
      else if (byte === closeBrace || byte === closeBracket) depth -= 1;
      else if (depth === 1 && isObject && byte === comma) isKeyNext = true;
      else if (depth === 1 && isObject && byte === colon) isLogNext = isLogKey;
      if (byte === comma) isLogNext = false;
      return false;
    },
  };
}

/** @param key with its quotes */
function isLog(key: readonly number[]): boolean {
  try {
    return JSON.parse(Buffer.from(key).toString()) === logKey;
  } catch (error) {
    if (error instanceof SyntaxError) return false; // all of it is parsed in the end, which says so
    throw error;
  }
}

function createRest() {
  const kept = createByteBuffer();

  return {
    keep(bytes: Buffer): void {
      if (kept.sizeBytes() + bytes.length > longestRest) {
        const message = `There are more than ${String(longestRest)} bytes beside the log.`;
        throw new UploadError('TOO_LARGE', message);
      }
      kept.add(bytes); // a copy: the piece it came in holds the log
    },
    parse(): unknown {
      try {
        return JSON.parse(new TextDecoder().decode(kept.take())) as unknown;
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw new ValidationError([{ path: ['body'], message: 'is not JSON' }]);
      }
    },
  };
}
