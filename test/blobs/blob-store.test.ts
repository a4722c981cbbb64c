import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openBlobStore } from '../../src/blobs/open-blob-store.ts';
import { emptyDir, filesBelow } from './spool-files.ts';
import { startS3 } from './start-s3.ts';

const digits = '0123456789';

describe.each([
  ['a directory', async () => pathToFileURL(await emptyDir()).href],
  ['S3', async () => `s3://blobs?endpoint=${await startS3()}&region=eu-west-1`],
  ['S3 under a prefix', async () => `s3://blobs/some/where?endpoint=${await startS3()}`],
])('blobs in %s', (_where, newUrl) => {
  test('a file that was put is read back, by every gateway', async () => {
    const url = await newUrl();

    await openBlobStore(url).putFile('logs/2026/a_b-c.log.gz', await file(digits));

    const other = openBlobStore(url);
    expect(await text(await other.read('logs/2026/a_b-c.log.gz'))).toBe(digits);
    expect(await other.size('logs/2026/a_b-c.log.gz')).toBe(10);
  });

  test('the second file under a key replaces the first', async () => {
    const store = openBlobStore(await newUrl());

    await store.putFile('key', await file('first and longer'));
    await store.putFile('key', await file('second'));

    expect(await text(await store.read('key'))).toBe('second');
  });

  test.each([
    [{ start: 0 }, '0123456789'],
    [{ start: 3 }, '3456789'],
    [{ start: 3, end: 6 }, '345'],
    [{ start: 0, end: 2 }, '01'],
    [{ start: 9, end: 10 }, '9'],
    [{ start: 5, end: 100 }, '56789'],
    [{ start: 4, end: 4 }, ''],
    [{ start: 0, end: 0 }, ''],
    [{ start: 10 }, ''],
    [{ start: 50, end: 60 }, ''],
  ])('the range %j of ten digits is "%s"', async (range, expected) => {
    const store = openBlobStore(await newUrl());
    await store.putFile('key', await file(digits));

    expect(await text(await store.read('key', range))).toBe(expected);
  });

  test('an empty file is a blob', async () => {
    const store = openBlobStore(await newUrl());

    await store.putFile('empty', await file(''));

    expect(await store.size('empty')).toBe(0);
    expect(await text(await store.read('empty'))).toBe('');
    expect(await text(await store.read('empty', { start: 1 }))).toBe('');
  });

  test('a missing blob is a BlobNotFoundError that names it', async () => {
    const store = openBlobStore(await newUrl());
    const missing = { name: 'BlobNotFoundError', key: 'a/b', message: 'There is no blob "a/b".' };
    const target = join(await emptyDir(), 'target');

    await expect(store.read('a/b')).rejects.toMatchObject(missing);
    await expect(store.read('a/b', { start: 5 })).rejects.toMatchObject(missing);
    await expect(store.read('a/b', { start: 1, end: 1 })).rejects.toMatchObject(missing);
    await expect(store.size('a/b')).rejects.toMatchObject(missing);
    await expect(store.fetchTo('a/b', target)).rejects.toMatchObject(missing);
  });

  test('a removed blob is missing, and can be removed again', async () => {
    const store = openBlobStore(await newUrl());
    await store.putFile('key', await file(digits));

    await store.remove('key');
    await store.remove('key');

    await expect(store.size('key')).rejects.toMatchObject({ name: 'BlobNotFoundError' });
  });

  test('a large blob comes back whole, and in ranges', async () => {
    const store = openBlobStore(await newUrl());
    const path = await file(createHash('shake256', { outputLength: 20_000_001 }).digest());

    await store.putFile('large', path);

    const bytes = await readFile(path);
    expect((await bytesOf(await store.read('large'))).equals(bytes)).toBe(true);
    const range = { start: 7_000_000, end: 17_000_003 };
    const part = await bytesOf(await store.read('large', range));
    expect(part.equals(bytes.subarray(range.start, range.end))).toBe(true);
  });

  test('a blob can be fetched to a local file', async () => {
    const store = openBlobStore(await newUrl());
    const target = join(await emptyDir(), 'target');
    await store.putFile('key', await file(digits));

    await store.fetchTo('key', target);

    expect(await readFile(target, 'utf8')).toBe(digits);
  });

  test.each([
    '',
    '/a',
    'a/',
    'a//b',
    '..',
    'a/../b',
    '.hidden',
    'a b',
    'ä',
    'a\\b',
    'x'.repeat(999),
  ])('"%s" is no key', async (key) => {
    const store = openBlobStore(await newUrl());
    const path = await file(digits);

    await expect(store.putFile(key, path)).rejects.toThrow(RangeError);
    await expect(store.read(key)).rejects.toThrow(RangeError);
    await expect(store.size(key)).rejects.toThrow(RangeError);
    await expect(store.remove(key)).rejects.toThrow(RangeError);
  });

  test.each([{ start: -1 }, { start: 1.5 }, { start: 5, end: 4 }, { start: Number.NaN }])(
    '%j is no range',
    async (range) => {
      const store = openBlobStore(await newUrl());

      await expect(store.read('key', range)).rejects.toThrow(RangeError);
    },
  );

  test('a local file that is not there is said, and nothing is stored', async () => {
    const store = openBlobStore(await newUrl());

    await expect(store.putFile('key', '/nowhere/at/all')).rejects.toThrow('ENOENT');
    await expect(store.size('key')).rejects.toMatchObject({ name: 'BlobNotFoundError' });
  });
});

// s3rver takes an end of byte 0 for none, and gives an empty blob a first byte; both on disk alone.
test('the first byte of a blob can be read, and of an empty one there is none', async () => {
  const store = openBlobStore(pathToFileURL(await emptyDir()).href);
  await store.putFile('key', await file(digits));
  await store.putFile('empty', await file(''));

  expect(await text(await store.read('key', { start: 0, end: 1 }))).toBe('0');
  expect(await text(await store.read('empty', { start: 0, end: 1 }))).toBe('');
});

test('a directory holds nothing but the blobs', async () => {
  const dir = await emptyDir();
  const store = openBlobStore(pathToFileURL(dir).href);

  await store.putFile('a/b', await file(digits));
  await store.putFile('c', '/nowhere/at/all').catch(() => undefined);

  expect(await filesBelow(dir)).toEqual(['b']);
});

// S3 promises it of itself; the server of these tests does not.
test('files put under one key at once in a directory leave one of them whole', async () => {
  const store = openBlobStore(pathToFileURL(await emptyDir()).href);
  const sent = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(200_000));
  const paths = await Promise.all(sent.map(file));

  await Promise.all(paths.map((path) => store.putFile('key', path)));

  expect(sent).toContain(await text(await store.read('key')));
});

test('a prefix keeps apart what shares a bucket', async () => {
  const endpoint = await startS3();
  const [one, other] = ['one', 'other'].map((prefix) =>
    openBlobStore(`s3://blobs?endpoint=${endpoint}&prefix=${prefix}/`),
  );

  await one?.putFile('key', await file(digits));

  await expect(other?.size('key')).rejects.toMatchObject({ name: 'BlobNotFoundError' });
  expect(await openBlobStore(`s3://blobs?endpoint=${endpoint}`).size('one/key')).toBe(10);
});

test('a bucket that is not there is no missing blob', async () => {
  const store = openBlobStore(`s3://nobody?endpoint=${await startS3()}`);

  await expect(store.read('key')).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

test.each([
  ['file://host/directory', 'BLOB_URL must be file:///directory, with no host'],
  ['http://bucket', 'BLOB_URL must begin with file: or s3:'],
  ['s3:///prefix', 'BLOB_URL names no bucket'],
  ['s3://bucket?regoin=x', 'BLOB_URL has an unknown parameter "regoin"'],
  ['s3://key:secret@bucket', 'BLOB_URL takes no credentials; set AWS_ACCESS_KEY_ID and others'],
  ['s3://bucket?endpoint=minio', 'BLOB_URL has an endpoint that is no http: or https: URL'],
])('%s stops the start with one line', (url, message) => {
  expect(() => openBlobStore(url)).toThrow(
    expect.objectContaining({ name: 'OperatorError', message }),
  );
});

async function file(content: string | Uint8Array): Promise<string> {
  const path = join(await emptyDir(), 'file');
  await writeFile(path, content);
  return path;
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  return Buffer.concat((await stream.toArray()) as Buffer[]); // a byte stream gives buffers
}
