import type { FailureWords } from './test-events.ts';

const COLOURS = '(?:\\u001b\\[[\\d;]*m)*';
const TYPE = new RegExp(
  `^\\s*${COLOURS}((?:[A-Za-z_$][\\w$.]*)?(?:Error|Exception|Failure))${COLOURS}(?: \\[[^\\]]*\\])?:`,
);

/** Every repetition is bounded: reports may hold a hundred thousand spaces. */
const FIRST_FRAME = /\n[ \t]{0,32}(?:\u001b\[[\d;]{0,16}m){0,4}[ \t]{0,32}at /;

/** Gives the parts of a stack of JavaScript: what stands before its first frame is the message. */
export function describeStack(stack: string): FailureWords {
  const [message] = stack.split(FIRST_FRAME, 1);
  return { message, type: errorTypeOf(stack), stack };
}

/** Gives the class of the error that a message or stack begins with, e.g. `TypeError`. */
function errorTypeOf(text: string): string | undefined {
  return TYPE.exec(text.slice(0, 512))?.[1];
}
