/** Bytes of a character of UTF-8 at most. */
export const longestCharacter = 4;

/** Where the character begins that the place is inside of; the place itself if it is not. */
export function beginOfCharacter(bytes: Uint8Array, place: number): number {
  if (!isContinuation(bytes[place])) return place;
  for (let at = place - 1; at >= 0 && at > place - longestCharacter; at -= 1) {
    if (!isContinuation(bytes[at])) return at + lengthOf(bytes[at]) > place ? at : place;
  }
  return place;
}

/** Where the character ends that begins at the place. */
export function endOfCharacter(bytes: Uint8Array, start: number): number {
  const most = Math.min(bytes.length, start + lengthOf(bytes[start]));
  let at = start + 1;
  while (at < most && isContinuation(bytes[at])) at += 1;
  return Math.min(at, bytes.length);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte < 0xc0;
}

/** How many bytes a character has that begins so. */
function lengthOf(byte = 0): number {
  if (byte < 0xc2 || byte > 0xf4) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

/** Where the last character ends that is whole, in bytes that may have been cut anywhere. */
export function endOfWhole(bytes: Uint8Array): number {
  const last = beginOfCharacter(bytes, bytes.length - 1);
  return last + lengthOf(bytes[last]) > bytes.length ? last : bytes.length;
}

/** Gives the text of bytes; a mark of the byte order stays, so that nothing is missing. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
