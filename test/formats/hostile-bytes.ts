import fc from 'fast-check';

/** A change to the bytes of a report. */
export interface Mutation {
  readonly at: number;
  readonly remove: number;
  readonly insert: Uint8Array;
}

/** One to five changes anywhere. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({ at: fc.nat(), remove: fc.nat(20), insert: fc.uint8Array({ maxLength: 8 }) }),
  { minLength: 1, maxLength: 5 },
);

/** Random bytes, or random pieces of the languages reports are written in. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  pieces(['<', '>', '/', '"', '=', ' ', '<!DOCTYPE a', '[', '&x;', 'coverage', 'report', 'line']),
  pieces(['{', '}', '[', ']', '"runs"', '"coverage"', ':', ',', '1', 'null', '"results"', '"a"']),
  pieces(['SF:', 'DA:', ',', '1', '\n', 'mode: set', 'a.go:1.1,2.2 1 1', 'end_of_record', '-9e99']),
);

function pieces(words: readonly string[]): fc.Arbitrary<Uint8Array> {
  return fc
    .array(fc.constantFrom(...words), { maxLength: 60 })
    .map((parts) => Buffer.from(parts.join('')));
}

/** Gives the bytes after the changes, made one after the other. */
export function mutate(bytes: Uint8Array, changes: readonly Mutation[]): Uint8Array {
  return changes.reduce<Uint8Array>((report, { at, remove, insert }) => {
    const start = at % (report.length + 1);
    return Buffer.concat([report.subarray(0, start), insert, report.subarray(start + remove)]);
  }, bytes);
}

/** Gives the bytes as chunks that end at these places. */
export function cutAt(bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const inside = cuts.map((cut) => cut % bytes.length).sort((one, other) => one - other);
  const places = [0, ...inside, bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}
