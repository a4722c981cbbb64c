const DEEPEST = 100;
/** Shorter texts cost little, however they nest. */
const SHORT = 65_536;

/** Tells whether a long JSON text nests more than 100 deep, before it is parsed: `[` a million times fills the memory. */
export function nestsTooDeep(json: string): boolean {
  if (json.length < SHORT) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (character === '"') at = endOfString(json, at);
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** Gives the place of the quote that ends the string begun at `start`, else the end of the text. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    if (json[at] === '\\') at += 1;
    else if (json[at] === '"') return at;
  }
  return json.length;
}
