import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { storedLog } from '../ingest/build-log-client.ts';
import { linesFrom, logOf, search, searchAll } from './ask-log.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

describe('a log of several members', () => {
  const all = Array.from(
    { length: 150_000 },
    (_, line) => `line ${line}${line % 50_000 === 7 ? ' NEEDLE' : ''}${line % 3 === 0 ? '\r' : ''}`,
  );
  const text = `${all.join('\n')}\n`;
  let buildId: string;
  beforeAll(async () => {
    buildId = await storedLog(gateway, text);
  });

  test('has the lines of the whole, from any number on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: all.length + 5 }),
        fc.integer({ min: 1, max: 50 }),
        async (offset, limit) => {
          const { lines, nextOffset } = await linesFrom(gateway, buildId, offset, limit);

          const expected = all.slice(offset, offset + limit);
          expect(lines.map((line) => line.text)).toEqual(
            expected.map((line) => line.replace(/\r$/, '')),
          );
          expect(lines.map(({ number }) => number)).toEqual(expected.map((_, at) => offset + at));
          expect(nextOffset).toBe(offset + limit < all.length ? offset + lines.length : null);
        },
      ),
      {
        numRuns: 25,
        examples: [
          [0, 1],
          [all.length - 1, 5],
          [all.length, 1],
        ],
      },
    );
  });

  test('says where its lines begin', async () => {
    const { lines } = await linesFrom(gateway, buildId, 100_000, 3);

    const { text: part } = await logOf(
      gateway,
      buildId,
      'text(offset: $offset, limit: 11) { text }',
      { offset: lines[1]?.byteOffset },
      ', $offset: SafeInt!',
    );
    expect(part.text).toBe('line 100001');
  });

  test('is searched from its begin to its end', async () => {
    const found = await searchAll(gateway, buildId, { text: 'NEEDLE' });

    expect(found).toEqual(
      [7, 50_007, 100_007].map((number) => ({
        number,
        byteOffset: text.indexOf(`line ${number} `),
        text: `line ${number} NEEDLE`,
        isCut: false,
      })),
    );
  });

  test('is searched page by page', async () => {
    const pages = await searchAll(gateway, buildId, { text: 'needle', ignoreCase: true, first: 1 });

    expect(pages.map(({ number }) => number)).toEqual([7, 50_007, 100_007]);
  });

  test('is searched to its end when there is nothing', async () => {
    const { matches, scannedTo, hasNextPage } = await search(gateway, buildId, {
      text: 'no such text',
    });

    expect({ matches, scannedTo, hasNextPage }).toEqual({
      matches: [],
      scannedTo: Buffer.byteLength(text),
      hasNextPage: false,
    });
  });
});

test('a search finds the lines that hold the text, page by page, in any log', async () => {
  const words = fc.constantFrom('a', 'A', 'b', 'ab', '.', '*', '☃', 'É', 'é', '\r', '\0', '\uFFFD');
  const anyLine = fc.array(words, { maxLength: 4 }).map((found) => found.join(''));
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyLine, { minLength: 1 }),
      fc.constantFrom('a', 'ab', '.', '☃', 'é', 'É', '\0'),
      fc.boolean(),
      fc.integer({ min: 1, max: 3 }),
      async (lines, text, ignoreCase, first) => {
        const buildId = await storedLog(gateway, lines.join('\n'));

        const found = await searchAll(gateway, buildId, { text, ignoreCase, first });

        const fold = (line: string) => (ignoreCase ? line.toLowerCase() : line);
        expect(found.map(({ number }) => number)).toEqual(
          lines.flatMap((line, number) => (fold(line).includes(fold(text)) ? [number] : [])),
        );
        expect(found.map((line) => line.text)).toEqual(
          found.map(({ number }) => lines[number]?.replace(/\r$/, '')),
        );
      },
    ),
    { numRuns: 30 },
  );
});

describe('a line of many megabytes', () => {
  const around = 'x'.repeat(2_500_000);
  let buildId: string;
  beforeAll(async () => {
    // Found twice in one line, once over the edge of what is searched at once.
    const long = `${'y'.repeat(1_048_576 - 6)}needle${around}needle${around}`;
    buildId = await storedLog(gateway, `first\n${long}\nneedle at last`);
  });

  test('is cut when it is shown', async () => {
    const pages = await Promise.all(
      [0, 1, 2].map((offset) => linesFrom(gateway, buildId, offset, 10)),
    );

    expect(
      pages.map(({ lines, nextOffset }) => [
        lines.map(({ number, isCut, text }) => [number, isCut, text.length]),
        nextOffset,
      ]),
    ).toEqual([
      [[[0, false, 5]], 1],
      [[[1, true, 16_384]], 2],
      [[[2, false, 14]], null],
    ]);
  });

  test('is found once, and shown around what was found', async () => {
    const found = await searchAll(gateway, buildId, { text: 'needle', first: 1 });

    expect(found.map(({ number, byteOffset, isCut }) => [number, byteOffset, isCut])).toEqual([
      [1, 6, true],
      [2, 6 + 1_048_576 + 5_000_006 + 1, false],
    ]);
    expect(found[0]?.text).toContain('needle');
  });
});
