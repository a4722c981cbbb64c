import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { archiveLimits, readEntries } from '../../src/formats/archive.ts';
import {
  deflatedZeros,
  gzippedZeros,
  packTar,
  packZip,
  packZipRaw,
  packZstd,
  uploaded,
  zstdBlock,
} from './archive-packers.ts';
import { measureMemory, unpackAll } from './archive-reading.ts';

const GIB = 1024 ** 3;
const FLAT = 100 * 1024 ** 2;
const tooMuch = {
  code: 'LIMIT',
  message: 'The upload inflates to more than 1073741824 bytes.',
};

test('2 GB in a gzip of 2 MB are refused at 1 GiB, in flat memory', async () => {
  const upload = await uploaded(gzippedZeros(2 * GIB));

  const { grownBytes, error } = await measureMemory(upload);

  expect(error).toMatchObject(tooMuch);
  expect(grownBytes).toBeLessThan(FLAT);
});

test('a zip bomb is refused at 1 GiB over all its entries, in flat memory', async () => {
  const bomb = deflatedZeros(GIB / 2);
  const bombs = ['a', 'b', 'c'].map((name) => ({ name, ...bomb }));
  const upload = await uploaded(packZipRaw(bombs));

  const { grownBytes, error } = await measureMemory(upload);

  expect(error).toMatchObject(tooMuch);
  expect(grownBytes).toBeLessThan(FLAT);
});

test('a bomb inside a gzip inside a zip is refused, in flat memory', async () => {
  const bytes = gzipSync(gzippedZeros(2 * GIB));
  const upload = await uploaded(packZip([{ name: 'bomb.gz.gz', bytes }]));

  const { grownBytes, error } = await measureMemory(upload);

  expect(error).toMatchObject(tooMuch);
  expect(grownBytes).toBeLessThan(FLAT);
});

test('a bomb counts even when nobody reads it', async () => {
  const tar = await packTar([{ name: 'zeros', bytes: Buffer.alloc(200_000) }]);
  const upload = await uploaded(gzipSync(tar));

  const skipped = skipAll(upload, { ...archiveLimits, totalBytes: 100_000 });

  await expect(skipped).rejects.toMatchObject({ code: 'LIMIT' });
});

test('more entries than allowed are refused, folders among them', async () => {
  const contents = ['a/', 'a/b', 'a/c'].map((name) => ({ name, bytes: Buffer.alloc(0) }));
  const limits = { ...archiveLimits, entries: 2 };

  const tar = await unpackAll(await uploaded(await packTar(contents)), limits);
  const zip = await unpackAll(await uploaded(packZip(contents)), limits);

  const refused = { code: 'LIMIT', message: 'The upload has more than 2 files and folders.' };
  expect([tar.error, zip.error]).toMatchObject([refused, refused]);
});

test('a name longer than allowed is refused', async () => {
  const tar = await packTar([{ name: 'x'.repeat(5_000), bytes: Buffer.alloc(0) }]);

  const { error } = await unpackAll(await uploaded(tar));

  expect(error).toMatchObject({ code: 'LIMIT' });
});

test('four layers are opened, five are refused', async () => {
  const gzipped = (times: number): Buffer =>
    times === 0 ? Buffer.from('<a/>') : gzipSync(gzipped(times - 1));

  const four = await unpackAll(await uploaded(gzipped(4), 'a.xml'));
  const five = await unpackAll(await uploaded(gzipped(5), 'a.xml'));

  expect(four.files.map(({ bytes }) => bytes.toString())).toEqual(['<a/>']);
  expect(five.error).toMatchObject({
    code: 'LIMIT',
    message: 'The upload is packed in more than 4 layers.',
  });
});

test('a zip inside an archive may not be larger than allowed', async () => {
  const zip = packZip([{ name: 'a', bytes: Buffer.from('a') }]);
  const tar = await packTar([{ name: 'inner.zip', bytes: zip }]);

  const { error } = await unpackAll(await uploaded(tar), { ...archiveLimits, nestedZipBytes: 50 });

  expect(error).toMatchObject({
    code: 'LIMIT',
    message: 'A zip archive inside the upload is larger than 50 bytes.',
  });
});

test('a zstd window of 2 GB is refused before it is allocated', async () => {
  const upload = await uploaded(packZstd(Buffer.from('a'), 0xa8));

  const { grownBytes, error } = await measureMemory(upload);

  expect(error).toMatchObject({
    code: 'LIMIT',
    message: expect.stringContaining('a window of 2147483648 bytes') as string,
  });
  expect(grownBytes).toBeLessThan(FLAT);
});

test('zstd of more than the limit is refused, in flat memory', async () => {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]);
  const zeros = Buffer.concat([zstdBlock(128 * 1024, { type: 1 }), Buffer.from([0])]);
  const blocks = Array.from({ length: 9_000 }, () => zeros);
  const upload = await uploaded(Buffer.concat([header, ...blocks]));

  const { grownBytes, error } = await measureMemory(upload);

  expect(error).toMatchObject(tooMuch);
  expect(grownBytes).toBeLessThan(FLAT);
});

test('zstd in blocks of one byte, each of which costs a move of the window, is refused', async () => {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x68]);
  const byte = Buffer.concat([zstdBlock(1, { type: 1 }), Buffer.from([0])]);
  const blocks = Array.from({ length: 100_000 }, () => byte);
  const upload = await uploaded(Buffer.concat([header, ...blocks]));

  const { error } = await unpackAll(upload, { ...archiveLimits, zstdMs: 300 });

  expect(error).toMatchObject({
    code: 'LIMIT',
    message: 'The zstd data takes too long to inflate; compress it with larger blocks or as gzip.',
  });
});

test('a zstd block made to keep the decoder busy for minutes is given up', async () => {
  const repeats = 57_000;
  const sequences = Buffer.concat([
    Buffer.from([0, 255, (repeats - 0x7f00) & 255, (repeats - 0x7f00) >> 8, 0b01010100, 0, 0, 52]),
    Buffer.alloc(repeats * 2, 0xff), // 65,538 bytes each, of which a block holds two
    Buffer.from([1]),
  ]);
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]);
  const block = Buffer.concat([zstdBlock(sequences.length, { type: 2 }), sequences]);
  const upload = await uploaded(Buffer.concat([header, block]));

  const { error } = await unpackAll(upload, { ...archiveLimits, zstdMs: 300 });

  expect(error).toMatchObject({
    code: 'LIMIT',
    message: 'The zstd data takes too long to inflate; compress it with larger blocks or as gzip.',
  });
});

async function skipAll(...args: Parameters<typeof readEntries>): Promise<void> {
  const entries = readEntries(...args);
  while ((await entries.next()).done !== true);
}
