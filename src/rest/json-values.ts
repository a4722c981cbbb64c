const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBracket = 0x5b;
const openBrace = 0x7b;

/**
 * Makes a counter of the values in a JSON text that comes piece by piece: each piece gives how many there were so far.
 * Counted are commas and opening brackets outside of texts, which is never less than there are lists, objects and
 * items of them up to the place where the text stops being JSON.
 */
export function createValueCounter(): (bytes: Uint8Array) => number {
  let values = 0;
  let isInText = false;
  let isEscaped = false;

  function stepInText(byte: number): void {
    if (isEscaped) isEscaped = false;
    else if (byte === backslash) isEscaped = true;
    else if (byte === quote) isInText = false;
  }

  return (bytes) => {
    for (const byte of bytes) {
      if (isInText) stepInText(byte);
      else if (byte === quote) isInText = true;
      else if (byte === comma || byte === openBracket || byte === openBrace) values += 1;
    }
    return values;
  };
}
