import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packTar, packZip, packZipRaw, packZstd, uploaded } from './archive-packers.ts';
import { unpackAll } from './archive-reading.ts';

const report = Buffer.from('<testsuite/>');
const random = createHash('shake256', { outputLength: 300_000 }).update('noise').digest();

test('a gzip whose tail is wrong gives what is good, then the error', async () => {
  const gzip = gzipSync(random);
  gzip.writeUInt32LE(0, gzip.length - 8);

  const { files, error } = await unpackAll(await uploaded(gzip));

  expect(error).toMatchObject({ code: 'MALFORMED', message: 'The gzip data is damaged.' });
  const given = files[0]?.bytes ?? Buffer.alloc(0);
  expect(given.length).toBeGreaterThan(random.length - 20_000);
  expect(given.equals(random.subarray(0, given.length))).toBe(true);
});

test('a tar.gz that breaks off gives the files before the break, and the broken one up to it', async () => {
  const contents = ['a', 'b', 'c'].map((name) => ({ name, bytes: random }));
  const gzip = gzipSync(await packTar(contents));

  const { files, error } = await unpackAll(
    await uploaded(gzip.subarray(0, Math.floor(gzip.length / 2))),
  );

  expect(error).toMatchObject({ code: 'MALFORMED', message: 'The gzip data ends too early.' });
  expect(files.map(({ name, bytes }) => [name, bytes.equals(random)])).toEqual([
    ['a', true],
    ['b', false],
  ]);
});

test('a tar that breaks off gives the files before the break', async () => {
  const tar = await packTar(['a', 'b'].map((name) => ({ name, bytes: random })));

  const { files, error } = await unpackAll(await uploaded(tar.subarray(0, 400_000)));

  expect(error).toMatchObject({ code: 'MALFORMED', message: 'The tar archive ends too early.' });
  expect(files[0]?.bytes.equals(random)).toBe(true);
});

test('a file of a zip that is not what the directory says is damaged', async () => {
  const zips = [
    packZip([{ name: 'a', bytes: report, crc: 1 }]),
    packZip([{ name: 'a', bytes: report, sizeBytes: 5 }]),
    packZip([{ name: 'a', bytes: report, sizeBytes: 500 }]),
  ];

  for (const zip of zips) {
    const { error } = await unpackAll(await uploaded(zip));

    expect(error).toMatchObject({
      code: 'MALFORMED',
      message: '"a" in the zip archive is damaged.',
    });
  }
});

test('entries of a zip that share their bytes are refused', async () => {
  const deflated = [deflateRawSync(report)];
  const overlapping = ['a', 'b'].map((name) => ({ name, deflated, offset: 0 }));

  const { error } = await unpackAll(await uploaded(packZipRaw(overlapping)));

  expect(error).toMatchObject({ code: 'MALFORMED' });
});

test('a zip that ends too early is damaged', async () => {
  const zip = packZip([{ name: 'a', bytes: report }]);

  const { error } = await unpackAll(await uploaded(zip.subarray(0, zip.length - 10)));

  expect(error).toMatchObject({ code: 'MALFORMED' });
});

test('a zip64 with an offset beyond all numbers is damaged', async () => {
  const zip64 = Buffer.alloc(20 + 22);
  zip64.write('PK\u0006\u0007');
  zip64.fill(0xff, 8, 16);
  zip64.write('PK\u0005\u0006', 20);

  const { error } = await unpackAll(
    await uploaded(Buffer.concat([Buffer.from('PK\u0003\u0004'), zip64])),
  );

  expect(error).toMatchObject({ code: 'MALFORMED' });
});

const names = fc
  .stringMatching(/^[a-zß測0-9-]{1,40}(\/[a-z0-9-]{1,120}){0,2}$/)
  .filter((name) => !name.endsWith('/'));
const contents = fc.uniqueArray(
  fc.record({ name: names, bytes: fc.uint8Array({ maxLength: 70_000, size: 'max' }) }),
  { minLength: 1, maxLength: 6, selector: ({ name }) => name },
);

test('any files packed in any way come out the same', async () => {
  const upload = await uploaded(Buffer.alloc(0), 'upload');

  await fc.assert(
    fc.asyncProperty(contents, async (packed) => {
      const tar = await packTar(packed);
      for (const bytes of [tar, gzipSync(tar), packZstd(tar), packZip(packed)]) {
        await writeFile(upload.path, bytes);

        const { files, error } = await unpackAll(upload);

        expect(error).toBeUndefined();
        expect(files.map(({ name }) => name)).toEqual(packed.map(({ name }) => name));
        expect(files.every(({ bytes }, at) => bytes.equals(packed[at]?.bytes ?? report))).toBe(
          true,
        );
      }
    }),
    { numRuns: 30 },
  );
});

const archives = [
  'gnu.tar.gz',
  'gnu.tar.zst',
  'infozip.zip',
  'nested.zip',
  'pax.tar',
  'streamed.zip',
  'two-frames.xml.zst',
  'v7.tar',
  'zip-inside.tar.gz',
  'zip64.zip',
].map((name) => readFileSync(join(import.meta.dirname, '../fixtures/archives', name)));

const mutated = fc
  .record({
    archive: fc.constantFrom(...archives),
    changes: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }),
    end: fc.option(fc.nat(), { freq: 2 }),
  })
  .map(({ archive, changes, end }) => {
    const bytes = Buffer.from(archive);
    for (const [at, value] of changes) bytes[at % bytes.length] = value;
    return bytes.subarray(0, end == null ? bytes.length : end % bytes.length);
  });

const magic = fc.constantFrom('1f8b08', '504b0304', '28b52ffd', '502a4d18');
const nonsense = fc
  .tuple(fc.option(magic), fc.uint8Array({ maxLength: 2_000, size: 'max' }))
  .map(([start, bytes]) => Buffer.concat([Buffer.from(start ?? '', 'hex'), bytes]));

test('whatever an upload holds, the only error is an ArchiveError', async () => {
  const upload = await uploaded(Buffer.alloc(0), 'upload');

  await fc.assert(
    fc.asyncProperty(fc.oneof(mutated, nonsense), async (bytes) => {
      await writeFile(upload.path, bytes);

      await unpackAll(upload);
    }),
    { numRuns: 500 },
  );
});
