import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLogIndexer, mostSections } from '../../src/ingest/index-log.ts';
import { memberBytes, packLog } from '../../src/ingest/pack-log.ts';

function indexOf(pieces: readonly Uint8Array[]) {
  const indexer = createLogIndexer();
  for (const piece of pieces) indexer.write(piece);
  return indexer.end();
}

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

const anyLine = fc.oneof(
  fc.string({ unit: 'binary' }).map((line) => line.replaceAll('\n', '')),
  fc.constantFrom(
    '',
    '=',
    '=== Job:',
    '=== Job: a',
    '=== Job: a ===',
    '=== Job: a ===\r',
    ' === Job: a ===',
  ),
  fc.string({ unit: 'grapheme' }).map((name) => `=== Job: ${name.replaceAll('\n', '')} ===`),
);
const anyLog = fc.array(anyLine).map((lines) => lines.join('\n'));

test('lines and sections are those of the whole text, wherever it is cut', () => {
  fc.assert(
    fc.property(anyLog, fc.array(fc.nat()), (log, cuts) => {
      const bytes = Buffer.from(log.toWellFormed());
      const lines = bytes.toString().split('\n');
      const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;

      const { sizeBytes, lineCount, sections } = indexOf(cutAt(bytes, cuts));

      expect([sizeBytes, lineCount]).toEqual([bytes.length, count]);
      const headings = lines.flatMap((line, number) =>
        /^=== Job: [^]* ===\r?$/.test(line) ? [number] : [],
      );
      expect(sections.map(({ lineNumber }) => lineNumber)).toEqual(headings);
      for (const { byteOffset, lineNumber, sizeBytes: size, position } of sections) {
        const next = sections[position + 1]?.lineNumber;
        const part = bytes.subarray(byteOffset, byteOffset + size).toString();
        const expected = lines.slice(lineNumber, next).join('\n');
        expect(part).toBe(next === undefined ? expected : `${expected}\n`);
      }
    }),
  );
});

test.each([
  ['=== Job: build ===\n', 'build'],
  ['=== Job: build ===\r\n', 'build'],
  ['=== Job: build ===', 'build'],
  ['=== Job: a === b ===\n', 'a === b'],
  ['=== Job: tëst (☃) ===\n', 'tëst (☃)'],
  ['=== Job: a\0b ===\n', 'a\uFFFDb'],
  [`=== Job: ${'x'.repeat(600)} ===\n`, 'x'.repeat(512)],
])('%j begins a section', (line, name) => {
  expect(indexOf([Buffer.from(line)]).sections).toMatchObject([
    { name, byteOffset: 0, lineNumber: 0 },
  ]);
});

test.each([
  '=== Job: build',
  ' === Job: build ===',
  '=== Job: build === \n',
  '== Job: build ===\n',
  `=== Job: ${'x'.repeat(5_000)} ===`,
])('%j begins none', (line) => {
  expect(indexOf([Buffer.from(line)]).sections).toEqual([]);
});

test('of too many sections the first are kept, each with its own size', () => {
  const { sections } = indexOf([Buffer.from('=== Job: a ===\n'.repeat(mostSections + 5))]);

  expect(sections).toHaveLength(mostSections);
  expect(new Set(sections.map(({ sizeBytes }) => sizeBytes))).toEqual(new Set([15]));
});

async function pack(pieces: readonly Uint8Array[], maxBytes?: number) {
  const { bytes, index } = packLog(Readable.from(pieces), maxBytes);
  const packed: Uint8Array[] = [];
  for await (const piece of bytes) packed.push(piece);
  return { packed: Buffer.concat(packed), index: index() };
}

test('each member is text of its own, and the index says where it is', async () => {
  const text = Buffer.from(Array.from({ length: 400_000 }, (_, line) => `line ${line}\n`).join(''));

  const { packed, index } = await pack(cutAt(text, [7, 1_000_000, 1_048_576, 3_000_001]));

  expect(gunzipSync(packed).equals(text)).toBe(true);
  expect(index.memberOffsets).toEqual(
    [0, 1, 2, 3, 4].map((member) => member * memberBytes).filter((offset) => offset < text.length),
  );
  for (const [member, offset] of index.memberOffsets.entries()) {
    const from = index.memberPositions[member];
    const alone = gunzipSync(packed.subarray(from, index.memberPositions[member + 1]));
    expect(alone.equals(text.subarray(offset, offset + memberBytes))).toBe(true);
    expect(index.memberLines[member]).toBe(
      text.subarray(0, offset).toString().split('\n').length - 1,
    );
  }
});

test('one byte more than the limit is refused, the limit itself is not', async () => {
  const pieces = [Buffer.alloc(1000), Buffer.alloc(24)];

  expect((await pack(pieces, 1024)).index.sizeBytes).toBe(1024);
  await expect(pack(pieces, 1023)).rejects.toThrow('at most 1023 bytes');
});
