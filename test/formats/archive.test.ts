import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readEntries } from '../../src/formats/archive.ts';
import { bytesOf, packTar, packZip, packZstd, uploaded } from './archive-packers.ts';
import { textsOf, unpackAll } from './archive-reading.ts';

const fixtures = join(import.meta.dirname, '../fixtures/archives');
const folder = 'module-'.repeat(12);
const a = '<testsuite name="a"/>\n';
const sized = '<testsuite name="größe"/>\n';
const reports = [
  ['a.xml', a],
  ['empty.xml', ''],
  ['größe.xml', sized],
  [`${folder}/${folder}/b.xml`, '<testsuite name="long"/>\n'],
] as const;

test.each(['gnu.tar', 'gnu.tar.gz', 'gnu.tar.zst', 'ustar.tar', 'infozip.zip'])(
  '%s gives its files, without folders, links and what macOS leaves behind',
  async (name) => {
    const texts = await textsOf(fixture(name));

    expect(texts.sort()).toEqual([...reports].sort());
  },
);

test('a tar of Unix 7, which has no magic, gives its files', async () => {
  const texts = await textsOf(fixture('v7.tar'));

  expect(texts).toEqual([
    ['a.xml', a],
    ['größe.xml', sized],
    ['empty.xml', ''],
  ]);
});

test('a pax tar gives names of any length', async () => {
  const texts = await textsOf(fixture('pax.tar'));

  expect(texts.sort()).toEqual(reports.map(([name, text]) => [`reports/${name}`, text]).sort());
});

test.each([
  ['two-members.xml.gz', 'two-members.xml', a + sized],
  ['two-frames.xml.zst', 'two-frames.xml', a + sized],
  ['streamed.zip', 'reports/a.xml', a],
  ['zip64.zip', 'reports/a.xml', a],
  ['cp437-name.zip', 'größe.xml', a],
  ['utf8-name.zip', '測試.xml', a],
  ['utf8-name-unflagged.zip', 'größe.xml', a],
  ['escaping-name.zip', '../../etc/passwd', a],
  ['absolute-name.zip', '/etc/passwd', a],
])('%s gives %s', async (archive, name, text) => {
  const texts = await textsOf(fixture(archive));

  expect(texts).toEqual([[name, text]]);
});

test('archives inside archives are opened, and name the archive around them', async () => {
  const nested = await textsOf(fixture('nested.zip'));
  const zip = await textsOf(fixture('zip-inside.tar.gz'));

  expect(nested).toEqual([
    ['inner.tar.gz/a.xml', a],
    ['inner.zip/größe.xml', sized],
  ]);
  expect(zip).toEqual([['inner.zip/größe.xml', sized]]);
});

test.each(['report.xml', 'report.xml.gz', 'report.tar', 'report.zip'])(
  'what is not packed is its own only file, though it is called %s',
  async (name) => {
    const texts = await textsOf(await uploaded(Buffer.from(a), name));

    expect(texts).toEqual([[name, a]]);
  },
);

test.each([
  ['results.xml.GZ', 'results.xml'],
  ['results.tgz', 'results.tar'],
  ['results', 'results'],
])('a gzip file called %s holds %s', async (name, inside) => {
  const texts = await textsOf(await uploaded(gzipSync(a), name));

  expect(texts).toEqual([[inside, a]]);
});

test('an empty upload is an empty file', async () => {
  const texts = await textsOf(await uploaded(Buffer.alloc(0), 'nothing'));

  expect(texts).toEqual([['nothing', '']]);
});

test('an empty zip has no files', async () => {
  const texts = await textsOf(await uploaded(packZip([])));

  expect(texts).toEqual([]);
});

test('control characters in a name are replaced', async () => {
  const zip = packZip([{ name: 'a\u0000b\n.xml', bytes: Buffer.from(a) }]);

  const texts = await textsOf(await uploaded(zip));

  expect(texts).toEqual([['a\uFFFDb\uFFFD.xml', a]]);
});

test('an encrypted file is said to be one, and the others are read', async () => {
  const zip = packZip([
    { name: 'secret.xml', bytes: Buffer.from(a), flags: 1 },
    { name: 'open.xml', bytes: Buffer.from(a) },
  ]);
  const said: string[] = [];

  for await (const { name, content } of readEntries(await uploaded(zip))) {
    said.push(`${name}: ${await told(content)}`);
  }

  expect(said).toEqual([
    'secret.xml: UNSUPPORTED "secret.xml" in the zip archive is encrypted.',
    `open.xml: ${a}`,
  ]);
});

test('a method that zips rarely use is named', async () => {
  const zip = packZip([{ name: 'a.xml', bytes: Buffer.from(a), method: 12 }]);

  const { error } = await unpackAll(await uploaded(zip));

  expect(error).toMatchObject({
    code: 'UNSUPPORTED',
    message: '"a.xml" is compressed with zip method 12; use deflate.',
  });
});

test.each([
  ['bzip2', '425a6839'],
  ['xz', 'fd377a585a00'],
  ['7z', '377abcaf271c'],
  ['rar', '526172211a0700'],
])('%s is refused with what can be sent instead', async (_name, magic) => {
  const { error } = await unpackAll(await uploaded(Buffer.from(magic, 'hex')));

  expect(error).toMatchObject({
    code: 'UNSUPPORTED',
    message:
      'The upload is packed in a way that is not known; send it plain, or as gzip, zip, tar or zstd.',
  });
});

test('a file of a packing nobody knows is given as it is when it lies in an archive', async () => {
  const xz = Buffer.from('fd377a585a00', 'hex');
  const upload = await uploaded(await packTar([{ name: 'core.xz', bytes: xz }]));

  const { files } = await unpackAll(upload);

  expect(files).toEqual([{ name: 'core.xz', bytes: xz }]);
});

const contents = [1, 2, 3, 4].map((number) => ({
  name: `${number}.xml`,
  bytes: Buffer.alloc(200_000, String(number)),
}));

test.each([
  ['tar', packTar(contents)],
  ['tar.gz', packTar(contents).then((tar) => gzipSync(tar))],
  ['tar.zst', packTar(contents).then((tar) => packZstd(tar))],
  ['zip', Promise.resolve(packZip(contents))],
  ['zip in tar', packTar([{ name: 'all.zip', bytes: packZip(contents) }])],
])(
  'a reader of a %s that reads nothing, or stops early, or never lets go, gets the next file',
  async (_kind, packed) => {
    const upload = await uploaded(await packed);
    const names: string[] = [];
    const firstBytes: number[] = [];

    for await (const { name, content } of readEntries(upload)) {
      names.push(name.replace('all.zip/', ''));
      if (names.length > 1) firstBytes.push(await firstByteOf(content, names.length === 2));
    }

    expect(names).toEqual(['1.xml', '2.xml', '3.xml', '4.xml']);
    expect(String.fromCharCode(...firstBytes)).toBe('234');
  },
);

test('a reader that stops in the middle leaves nothing on disk', async () => {
  const upload = await uploaded(await packTar([{ name: 'all.zip', bytes: packZip(contents) }]));
  let zipPath = '';

  for await (const { content } of readEntries(upload)) {
    zipPath = await nestedZipOf(upload.path);
    await content[Symbol.asyncIterator]().next();
    break;
  }

  await expect(stat(zipPath)).rejects.toThrow('ENOENT');
});

test('a file that is not there is no fault of the sender', async () => {
  await expect(unpackAll({ path: '/nowhere/at/all', name: 'a' })).rejects.toThrow('ENOENT');
});

async function firstByteOf(content: AsyncIterable<Uint8Array>, letsGo: boolean): Promise<number> {
  const iterator = content[Symbol.asyncIterator]();
  const next = await iterator.next();
  if (letsGo) await iterator.return?.();
  return next.done === true ? 0 : (next.value[0] ?? 0);
}

function fixture(name: string) {
  return { path: join(fixtures, name), name };
}

async function told(content: AsyncIterable<Uint8Array>): Promise<string> {
  try {
    return (await bytesOf(content)).toString();
  } catch (error) {
    return error instanceof Error && 'code' in error
      ? `${String(error.code)} ${error.message}`
      : '';
  }
}

async function nestedZipOf(path: string): Promise<string> {
  const found = (await readdir(join(path, '..'))).find((name) =>
    name.startsWith(`${basename(path)}.`),
  );
  return join(path, '..', found ?? 'none');
}
