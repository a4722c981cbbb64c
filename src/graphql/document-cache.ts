/** What Yoga's parser keeps documents in. */
export interface DocumentCache<Value> {
  get(document: string): Value | undefined;
  set(document: string, value: Value): void;
}

/**
 * Makes a cache that drops the document unused for longest when all together are longer than
 * `maxCharacters`. Counted in characters because a syntax tree takes 130 to 250 bytes for each
 * (measured): Yoga's own cache keeps 1,024 documents, which can be 2.5 GB of them.
 */
export function createDocumentCache<Value>(maxCharacters: number): DocumentCache<Value> {
  // A Map iterates in order of insertion, so its first entry is the one unused for longest.
  const entries = new Map<string, Value>();
  let characters = 0;

  const drop = (document: string): void => {
    if (entries.delete(document)) characters -= document.length;
  };
  return {
    get: (document) => {
      const value = entries.get(document);
      if (value === undefined) return undefined;
      entries.delete(document);
      entries.set(document, value);
      return value;
    },
    set: (document, value) => {
      drop(document);
      if (document.length > maxCharacters) return;
      entries.set(document, value);
      characters += document.length;
      for (const oldest of entries.keys()) {
        if (characters <= maxCharacters) return;
        drop(oldest);
      }
    },
  };
}
