import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { recordedBuild, storedLog, uploadLog } from '../ingest/build-log-client.ts';
import { ask, logOf, search, textPages } from './ask-log.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});

const small = '=== Job: build ===\r\nok ☃\n\n=== Job: test ===\nno end';

test('a log says how large it is, and what its sections are', async () => {
  const buildId = await storedLog(gateway, small);

  const log = await logOf(
    gateway,
    buildId,
    'sizeBytes storedBytes lineCount sections { totalCount nodes { name lineNumber byteOffset sizeBytes } }',
  );

  expect(log).toMatchObject({
    sizeBytes: Buffer.byteLength(small),
    lineCount: 5,
    sections: {
      totalCount: 2,
      nodes: [
        { name: 'build', lineNumber: 0, byteOffset: 0, sizeBytes: 28 },
        { name: 'test', lineNumber: 3, byteOffset: 28, sizeBytes: 24 },
      ],
    },
  });
  expect(log.storedBytes).toBeGreaterThan(0);
});

test('a build without a log has none', async () => {
  const buildId = await recordedBuild(gateway);

  const { data } = await ask(gateway, buildId, 'sizeBytes');

  expect(data).toEqual({ node: { log: null } });
});

test('the logs of a list of builds are read with it in one statement', async () => {
  const before = gateway.statements().length;

  const { data } = await gateway.graphql(
    '{ builds(first: 5) { nodes { log { lineCount sections(first: 2) { nodes { name } } } } } }',
  );

  expect(data).toBeDefined();
  expect(gateway.statements().length - before).toBe(1);
});

describe('text by bytes', () => {
  test('pages of any size make the whole, whatever bytes it is of', async () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.string({ unit: 'binary', minLength: 1 }).map((text) => new Uint8Array(Buffer.from(text))),
    );
    await fc.assert(
      fc.asyncProperty(anyBytes, fc.integer({ min: 1, max: 20 }), async (bytes, limit) => {
        const buildId = await recordedBuild(gateway);
        await uploadLog(gateway, buildId, Buffer.concat([Buffer.from('x'), bytes]));

        const pages = await textPages(gateway, buildId, limit);

        const whole = `x${new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)}`;
        expect(pages.map(({ text }) => text).join('')).toBe(whole);
        expect(pages.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(bytes.length + 1);
      }),
      { numRuns: 25 },
    );
  });

  test('an offset inside of a character is where the character begins', async () => {
    const buildId = await storedLog(gateway, 'a☃b');
    const declared = ', $offset: SafeInt!';

    const { text } = await logOf(
      gateway,
      buildId,
      'text(offset: $offset, limit: 3) { offset text nextOffset }',
      { offset: 2 },
      declared,
    );

    expect(text).toEqual({ offset: 1, text: '☃b', nextOffset: null });
  });

  test('behind the end there is nothing', async () => {
    const buildId = await storedLog(gateway, 'abc');

    const { text } = await logOf(
      gateway,
      buildId,
      'text(offset: 10) { offset sizeBytes text nextOffset }',
    );

    expect(text).toEqual({ offset: 3, sizeBytes: 0, text: '', nextOffset: null });
  });
});

test('a search goes through 64 MiB at most, and says so', { timeout: 60_000 }, async () => {
  const buildId = await recordedBuild(gateway);
  const line = `${'x'.repeat(1023)}\n`;
  await uploadLog(gateway, buildId, gzipSync(`${line.repeat(70 * 1024)}needle`));

  const first = await search(gateway, buildId, { text: 'needle' });
  const next = await search(gateway, buildId, { text: 'needle', after: first.endCursor });

  expect(first).toMatchObject({ matches: [], scannedTo: 64 * 1024 * 1024, hasNextPage: true });
  expect(next).toMatchObject({ matches: [{ number: 71_680, text: 'needle' }], hasNextPage: false });
});

test.each([
  ['text(offset: -1)', 'offset'],
  ['text(limit: 0)', 'limit'],
  ['text(limit: 1048577)', 'limit'],
  ['lines(offset: -1)', 'offset'],
  ['lines(limit: 1001)', 'limit'],
  ['search(text: "")', 'text'],
  ['search(text: "a\\nb")', 'text'],
  ['search(text: "a", first: 0)', 'first'],
  ['search(text: "a", first: 101)', 'first'],
  ['search(text: "a", after: "x")', 'after'],
])('%s is refused', async (field, name) => {
  const buildId = await storedLog(gateway, 'abc');

  const { errors } = await ask(gateway, buildId, `${field} { __typename }`);

  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(errors?.[0]?.message).toContain(name);
});

test('too many searches in one request are refused before any of them runs', async () => {
  const { errors } = await gateway.graphql(
    '{ builds(first: 100) { nodes { log { search(text: "a") { scannedTo } } } } }',
  );

  expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
});

test('the limit of a text counts, also as a variable of a document that is known', async () => {
  const query = `query($limit: Int!) { builds(first: 100) { nodes { log { text(limit: $limit) { text } } } } }`;

  const few = await gateway.graphql(query, { limit: 1 });
  const many = await gateway.graphql(query, { limit: 1_048_576 });

  expect(few.errors).toBeUndefined();
  expect(many.errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
});
