import { describe, expect, test } from 'vitest';
import { createJsonStream } from '../../src/formats/json-stream.ts';
import { createLineSplitter } from '../../src/formats/split-lines.ts';
import { selectPaths } from '../../src/formats/json-paths.ts';
import type { ProblemEvent } from '../../src/formats/report-events.ts';

interface Read {
  readonly values: readonly [path: string, value: unknown][];
  readonly problem: ProblemEvent | undefined;
  readonly skipped: number;
}

function read(
  paths: readonly string[],
  chunks: readonly (Uint8Array | string)[],
  ignoredKeys: readonly string[] = [],
): Read {
  const values: [string, unknown][] = [];
  const json = createJsonStream({
    open: selectPaths(paths),
    value: (path, value) => values.push([path.join('.'), value]),
    ignoredKeys: new Set(ignoredKeys),
  });
  for (const chunk of chunks) json.write(chunk);
  json.end();
  return { values, problem: json.problem(), skipped: json.skipped() };
}

describe('selected values', () => {
  test('are given one at a time, with their path, in document order', () => {
    const json = '{"x":[1,{"y":2}],"a":{"list":[{"n":1},[2],"3",4.5e1,true,null],"other":{}}}';

    expect(read(['a.list.*', 'x'], [json])).toEqual({
      values: [
        ['x', [1, { y: 2 }]],
        ['a.list.0', { n: 1 }],
        ['a.list.1', [2]],
        ['a.list.2', '3'],
        ['a.list.3', 45],
        ['a.list.4', true],
        ['a.list.5', null],
      ],
      problem: undefined,
      skipped: 0,
    });
  });

  test('hold no ignored keys, no __proto__, and the last of a repeated key', () => {
    const json = '{"v":{"a":1,"image":{"deep":[1]},"__proto__":{"polluted":true},"a":2}}';

    expect(read(['v'], [json], ['image']).values).toEqual([['v', { a: 2 }]]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('read the same byte by byte', () => {
    const json = Buffer.from('{"é":["\\ud83d\\ude00 😀 \\"\\\\\\n", -1.5E+3, {"a":[]}]}');

    const whole = read(['*'], [json]);

    expect(whole.values).toEqual([['é', ['😀 😀 "\\\n', -1500, { a: [] }]]]);
    expect(
      read(
        ['*'],
        Array.from(json, (byte) => Uint8Array.of(byte)),
      ),
    ).toEqual(whole);
  });

  test.each([
    ['UTF-8 with a mark', Buffer.from('\uFEFF{"a":"ü"}')],
    ['UTF-16 with a mark', Buffer.from('\uFEFF{"a":"ü"}', 'utf16le')],
    ['UTF-16 without a mark', Buffer.from('{"a":"ü"}', 'utf16le')],
    ['big-endian UTF-16', Buffer.from('{"a":"ü"}', 'utf16le').swap16()],
  ])('are read in %s', (_name, bytes) => {
    expect(read(['a'], [bytes]).values).toEqual([['a', 'ü']]);
  });

  test('have U+FFFD for bytes that are no UTF-8', () => {
    const bytes = Buffer.concat([
      Buffer.from('{"a":"x'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('y"}'),
    ]);

    expect(read(['a'], [bytes]).values).toEqual([['a', 'x\uFFFD\uFFFDy']]);
  });
});

describe('bounds', () => {
  test('a string keeps its first 128 Ki characters', () => {
    const { values, problem } = read(
      ['a'],
      ['{"a":"', ...Array.from({ length: 50 }, () => 'x'.repeat(10_000)), '"}'],
    );

    expect(values).toEqual([['a', 'x'.repeat(131_072)]]);
    expect(problem).toBeUndefined();
  });

  test('a value beyond 16 Mi characters is skipped and counted, and the next is read', () => {
    const many = Array.from({ length: 600_000 }, () => '0,').join('');

    const { values, skipped } = read(['*'], ['[', `[${many}0]`, ',1]']);

    expect(values.map(([path]) => path)).toEqual(['1']);
    expect(skipped).toBe(1);
  });

  test('a hundred levels are read, one more is refused', () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

    expect(read(['*'], [deep(100)]).problem).toBeUndefined();
    expect(read(['*'], [deep(101)]).problem).toEqual({
      kind: 'PROBLEM',
      code: 'LIMIT',
      message: 'The JSON is nested more than 100 deep.',
      line: 1,
      column: 101,
    });
  });

  test('a number of a megabyte is refused', () => {
    expect(read(['*'], ['[', '1'.repeat(1_000_000), ']']).problem).toMatchObject({ code: 'LIMIT' });
  });
});

describe('malformed JSON', () => {
  test.each([
    ['{"a":1,\n "b":oops}', 'The JSON is malformed: unexpected character "o".', 2, 6],
    ['{"a":1,\n "b" 2}', 'The JSON is malformed: a number cannot stand here.', 2, 6],
    ['{"a":1,}', 'The JSON is malformed: "}" cannot stand here.', 1, 8],
    ['{"a" "b"}', 'The JSON is malformed: a string cannot stand here.', 1, 6],
    ['[1 2]', 'The JSON is malformed: a number cannot stand here.', 1, 4],
    ['[1,]', 'The JSON is malformed: "]" cannot stand here.', 1, 4],
    ['[}', 'The JSON is malformed: "}" cannot stand here.', 1, 2],
    ['{"a":1}\n{"a":2}', 'The JSON is malformed: "{" cannot stand here.', 2, 1],
    ['["a\nb"]', 'The JSON is malformed: unexpected character "\\n".', 1, 4],
    ['{"ü":"😀", x', 'The JSON is malformed: unexpected character "x".', 1, 12],
    ['{"a":"b', 'The JSON breaks off before its end.', 1, 8],
    ['{"a":{"b":1}', 'The JSON breaks off before its end.', 1, 13],
    ['', 'The JSON breaks off before its end.', 1, 1],
  ])('%j is a problem that says where', (json, message, line, column) => {
    expect(read([], [json]).problem).toEqual({
      kind: 'PROBLEM',
      code: 'MALFORMED',
      message,
      line,
      column,
    });
  });

  test('what stands before the break is given', () => {
    expect(read(['*'], ['[1,2,', 'x']).values).toEqual([
      ['0', 1],
      ['1', 2],
    ]);
  });
});

describe('lines', () => {
  test('are split wherever the pieces end, and too long ones dropped', () => {
    const lines: string[] = [];
    const splitter = createLineSplitter(5, {
      line: (line) => lines.push(line),
      dropped: (start) => lines.push(`dropped ${start}`),
    });

    for (const piece of ['a', 'b\n', '\nlong', 'er\r\nc', 'd']) splitter.write(piece);
    splitter.end();

    expect(lines).toEqual(['ab', '', 'dropped longer\r', 'cd']);
  });
});
