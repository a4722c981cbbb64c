import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLogScanner } from '../../../src/rest/buildbutler/log-content.ts';

/** What a scanner makes of a body that comes in these pieces. */
function scan(pieces: readonly Uint8Array[]): { content: Buffer; rest: unknown } {
  const scanner = createLogScanner();
  const content = Buffer.concat(pieces.map((piece) => scanner.write(piece)));
  return { content, rest: scanner.end() };
}

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

const bytewise = (json: string) => [...Buffer.from(json)].map((byte) => Buffer.from([byte]));

/** Any text: lone halves of pairs too, and what JSON escapes. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);
const anyBody = fc.record({
  logContent: anyText,
  before: fc.dictionary(fc.string(), fc.jsonValue()),
  after: fc.jsonValue(),
});
/** A text of JSON of which every unit is escaped. */
const escaped = (text: string) =>
  Array.from(
    { length: text.length },
    (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

describe('a body, cut anywhere', () => {
  test('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(anyBody, fc.array(fc.nat()), fc.constantFrom(0, 2), (body, cuts, indent) => {
        const { before, logContent, after } = body;
        const said = { ...before, logContent, after };
        const json = Buffer.from(JSON.stringify(said, null, indent));

        const { content, rest } = scan(cutAt(json, cuts));

        expect(content.toString()).toBe(logContent.toWellFormed());
        expect(rest).toEqual({
          ...(JSON.parse(json.toString()) as object),
          logContent: '',
        });
      }),
    );
  });

  test('gives the same when all is escaped', () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.nat()), (logContent, cuts) => {
        const json = Buffer.from(`{"logContent":"${escaped(logContent)}"}`);

        const { content } = scan(cutAt(json, cuts));

        expect(content.toString()).toBe(logContent.toWellFormed());
      }),
    );
  });

  test('gives the bytes that are no UTF-8 as they are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.array(fc.nat()), (bytes, cuts) => {
        const plain = Buffer.from(
          bytes.filter((byte) => byte > 0x1f && byte !== 0x22 && byte !== 0x5c),
        );
        const json = Buffer.concat([Buffer.from('{"logContent":"'), plain, Buffer.from('"}')]);

        expect(scan(cutAt(json, cuts)).content).toEqual(plain);
      }),
    );
  });

  test('is refused when JSON.parse refuses it', () => {
    fc.assert(
      fc.property(anyBody, fc.nat(), fc.array(fc.nat()), (body, place, cuts) => {
        const json = Buffer.from(JSON.stringify(body));
        const broken = json.subarray(0, place % json.length);

        expect(() => scan(cutAt(broken, cuts))).toThrow('is not JSON');
      }),
    );
  });
});

test.each([
  ['a key that is escaped', String.raw`{"log\u0043ontent":"text"}`, 'text'],
  ['white space everywhere', '\n{ "a" : 1 ,\t"logContent" \n:\r "text" } ', 'text'],
  ['a byte order mark', '\uFEFF{"logContent":"text"}', 'text'],
  ['a pair of escapes', String.raw`{"logContent":"\ud83d\ude00"}`, '😀'],
  ['a first half before a quote', String.raw`{"logContent":"\ud83d"}`, '\uFFFD'],
  ['a first half before another pair', String.raw`{"logContent":"\ud83d\ud83d\ude00"}`, '\uFFFD😀'],
  ['a first half before text', String.raw`{"logContent":"\ud83dx"}`, '\uFFFDx'],
  ['U+0000', String.raw`{"logContent":"a\u0000b"}`, 'a\0b'],
  ['a log in another object', '{"a":{"logContent":"no"},"logContent":"yes"}', 'yes'],
  ['a log in a list', '{"a":["logContent","no",{"logContent":"no"}],"logContent":"yes"}', 'yes'],
  ['a text that looks like its key', '{"a":"logContent","b":"no","logContent":"yes"}', 'yes'],
  ['a quote in a key', String.raw`{"logContent\"":"no","logContent":"yes"}`, 'yes'],
])('%s is understood, byte by byte', (_name, json, text) => {
  expect(scan(bytewise(json)).content.toString()).toBe(text);
});

test.each([
  ['nothing', ''],
  ['a raw end of line in the log', '{"logContent":"a\nb"}'],
  ['an escape that is none', String.raw`{"logContent":"\x41"}`],
  ['an escape with too few digits', String.raw`{"logContent":"\u12"}`],
  ['no colon', '{"logContent" "text"}'],
  ['two values', '{"logContent":"text" "more"}'],
  ['more behind it', '{"logContent":"text"} x'],
  ['no quote at the end', '{"logContent":"text}'],
  ['a comma too many', '{"logContent":"text",}'],
])('%s is refused, byte by byte', (_name, json) => {
  expect(() => scan(bytewise(json))).toThrow('is not JSON');
});

test('two logs are refused', () => {
  expect(() => scan([Buffer.from('{"logContent":"a","logContent":"b"}')])).toThrow(
    'is given twice',
  );
});

test('more than 8 MiB beside the log are refused', () => {
  const scanner = createLogScanner();
  const mebibyte = Buffer.alloc(1024 * 1024, ' ');
  scanner.write(Buffer.from('{"a":"'));

  expect(() => {
    for (let written = 0; written < 8; written += 1) scanner.write(mebibyte);
  }).toThrow('beside the log');
});

test('what stands beside the log takes no more memory when it comes byte by byte', () => {
  const scanner = createLogScanner();
  const byte = Buffer.from(' ');
  const before = process.memoryUsage();

  for (let written = 0; written < 2_000_000; written += 1) scanner.write(byte);

  const after = process.memoryUsage();
  const grownBytes = after.heapUsed + after.external - before.heapUsed - before.external;
  expect(grownBytes).toBeLessThan(100 * 1024 * 1024);
});

test.each([
  ['a log in a list alone', '["logContent","no"]'],
  ['no log', '{"buildId":"x"}'],
  ['a log that is a number', '{"logContent":1}'],
  ['a log that is an object', '{"logContent":{"logContent":"no"}}'],
])('%s gives no text', (_name, json) => {
  const { content, rest } = scan(bytewise(json));

  expect(content.toString()).toBe('');
  expect(rest).toEqual(JSON.parse(json));
});
