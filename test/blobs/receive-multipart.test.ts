import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { receiveMultipart } from '../../src/blobs/receive-multipart.ts';
import { createSpool, type Spool } from '../../src/blobs/spool.ts';
import { UploadError } from '../../src/blobs/upload-error.ts';
import { body, field, file } from './multipart-body.ts';
import { breakingOff, emptyDir, filesBelow, hanging, inPieces } from './spool-files.ts';

const contentType = 'multipart/form-data; boundary=cut';
const limits = { maxBytes: 1_000_000 };

const form = body(
  field('operations', '{"query":"…"}'),
  file('0', 'a/b/report.xml', '<testsuites/>'),
  field('map', '{"0":["variables.file"]}'),
  file('1', 'empty.xml', ''),
);

test('fields and files come as they were sent, whatever the pieces of the body', async () => {
  const spool = createSpool(await emptyDir());

  for (const size of [1, 3, 50, 10_000]) {
    const { fields, files } = await receiveMultipart(
      inPieces(form, size),
      contentType,
      spool,
      limits,
    );

    expect([...fields]).toEqual([
      ['operations', '{"query":"…"}'],
      ['map', '{"0":["variables.file"]}'],
    ]);
    expect(files.map(({ field, file: { name, sizeBytes } }) => [field, name, sizeBytes])).toEqual([
      ['0', 'a/b/report.xml', 13],
      ['1', 'empty.xml', 0],
    ]);
    expect(await contents(files)).toEqual(['<testsuites/>', '']);
  }
});

test('what FormData of a client sends is what arrives', async () => {
  const spool = createSpool(await emptyDir());
  const sent = new FormData();
  sent.append('note', 'zwölf "Boxkämpfer"\r\n');
  sent.append('file', new Blob([Buffer.alloc(300_000, 'ä')]), 'Ergebnis "ß" 測試.xml');
  const response = new Response(sent);

  const { fields, files } = await receiveMultipart(
    inPieces(new Uint8Array(await response.arrayBuffer()), 65_536),
    response.headers.get('content-type') ?? '',
    spool,
    limits,
  );

  expect(fields.get('note')).toBe('zwölf "Boxkämpfer"\r\n');
  expect(files[0]?.file).toMatchObject({ name: 'Ergebnis %22ß%22 測試.xml', sizeBytes: 300_000 });
});

test.each([
  ['filename="ü.xml"', 'ü.xml'],
  ["filename*=UTF-8''%C3%BC%20%E2%82%AC.xml", 'ü €.xml'],
  ["filename*=iso-8859-1''%FC.xml", 'ü.xml'],
  ['filename="C:\\\\temp\\\\a.xml"', 'C:\\temp\\a.xml'],
  ['filename="../../etc/passwd"', '../../etc/passwd'],
  ['filename="/abs/a;b.xml"', '/abs/a;b.xml'],
  ['filename=""', 'report'],
])('a file sent as %s has a name, and no more than that', async (disposition, name) => {
  const spool = createSpool(await emptyDir());
  const part = `Content-Disposition: form-data; name="report"; ${disposition}\r\n\r\nx\r\n`;

  const { files } = await receiveMultipart(inPieces(body(part)), contentType, spool, limits);

  expect(files.map(({ file: { name: given } }) => given)).toEqual([name]);
});

test('a file name in bare Latin-1 keeps what can be read of it', async () => {
  const spool = createSpool(await emptyDir());
  const bytes = Buffer.from(body(file('report', 'gr\u00fcn.xml', 'x')), 'latin1');

  const { files } = await receiveMultipart(inPieces(bytes), contentType, spool, limits);

  expect(files[0]?.file.name).toMatch(/^gr.n\.xml$/);
});

test('a part without a file name is a file when its type is octet-stream', async () => {
  const spool = createSpool(await emptyDir());
  const part =
    'Content-Disposition: form-data; name="report"\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n';

  const { files } = await receiveMultipart(inPieces(body(part)), contentType, spool, limits);

  expect(files.map(({ field, file: { name } }) => [field, name])).toEqual([['report', 'report']]);
});

test('a form without parts is an empty form, whatever follows it', async () => {
  const spool = createSpool(await emptyDir());

  const received = await receiveMultipart(
    inPieces('--cut--\r\n\r\n--cut--', 17),
    contentType,
    spool,
    limits,
  );

  expect(received).toEqual({ fields: new Map(), files: [] });
});

test('what follows the last boundary is ignored', async () => {
  const spool = createSpool(await emptyDir());

  const { files } = await receiveMultipart(
    inPieces(`${form}\r\nepilogue`.repeat(2), 100),
    contentType,
    spool,
    limits,
  );

  expect(files).toHaveLength(2);
});

test.each([
  ['a field too long', body(field('a', 'x'.repeat(51))), 'The field "a" has more than 50 bytes.'],
  [
    'too many fields',
    body(field('a', ''), field('b', ''), field('c', '')),
    'The form has more than 2 fields.',
  ],
  [
    'too many files',
    body(...['a', 'b', 'c', 'd'].map((name) => file(name, name, 'x'))),
    'The form has more than 3 files.',
  ],
  [
    'too many bytes in all',
    body(file('a', 'a', 'x'.repeat(400)), file('b', 'b', 'x'.repeat(400))),
    'The upload is larger than 800 bytes.',
  ],
  ['a long preamble', 'x'.repeat(900), 'The upload is larger than 800 bytes.'],
])('%s is refused, and no file is left', async (_what, sent, message) => {
  const dir = await emptyDir();

  const received = receiveMultipart(inPieces(sent), contentType, createSpool(dir), {
    maxBytes: 800,
    maxFields: 2,
    maxFiles: 3,
    maxFieldBytes: 50,
  });

  await expect(received).rejects.toMatchObject({ name: 'UploadError', code: 'TOO_LARGE', message });
  expect(await filesBelow(dir)).toEqual([]);
});

test('a body cut anywhere is malformed, and no file is left', async () => {
  const dir = await emptyDir();
  const spool = createSpool(dir);
  const whole = form.lastIndexOf('--cut--') + '--cut--'.length;

  for (let length = 0; length < whole; length += 1) {
    const received = receiveMultipart(
      inPieces(Buffer.from(form).subarray(0, length), 31),
      contentType,
      spool,
      limits,
    );

    await expect(received, `cut at ${length}`).rejects.toMatchObject({ code: 'MALFORMED' });
  }
  expect(await filesBelow(dir)).toEqual([]);
});

test.each(['application/json', 'multipart/form-data', 'multipart/form-data; charset=utf-8', ''])(
  'a body of type "%s" is malformed',
  async (type) => {
    const received = receiveMultipart(inPieces(form), type, createSpool(await emptyDir()), limits);

    await expect(received).rejects.toMatchObject({ name: 'UploadError', code: 'MALFORMED' });
  },
);

test('a part without a name is malformed', async () => {
  const part = 'Content-Disposition: form-data\r\n\r\nx\r\n';

  const received = receiveMultipart(
    inPieces(body(part)),
    contentType,
    createSpool(await emptyDir()),
    limits,
  );

  await expect(received).rejects.toMatchObject({ code: 'MALFORMED' });
});

test('a body that breaks off is malformed, says how far it came, and leaves no file', async () => {
  const dir = await emptyDir();
  const lost = new Error('socket hang up');

  const received = receiveMultipart(
    breakingOff(form.slice(0, 150), lost),
    contentType,
    createSpool(dir),
    limits,
  );

  await expect(received).rejects.toMatchObject({
    code: 'MALFORMED',
    cause: lost,
    message: expect.stringMatching(/^The body broke off after \d+ bytes\.$/) as string,
  });
  expect(await filesBelow(dir)).toEqual([]);
});

test('a refusal that the body itself throws is given on', async () => {
  const refusal = new UploadError('TOO_LARGE', 'The inflated body is too large.');

  const received = receiveMultipart(
    breakingOff(form.slice(0, 150), refusal),
    contentType,
    createSpool(await emptyDir()),
    limits,
  );

  await expect(received).rejects.toBe(refusal);
});

test('an abort ends a body that hangs inside a file, and leaves no file', async () => {
  const dir = await emptyDir();
  const controller = new AbortController();
  const reason = new Error('shutting down');

  const received = receiveMultipart(hanging(form.slice(0, 200)), contentType, createSpool(dir), {
    ...limits,
    signal: controller.signal,
  });
  setTimeout(() => {
    controller.abort(reason);
  }, 50);

  await expect(received).rejects.toBe(reason);
  expect(await filesBelow(dir)).toEqual([]);
});

test('a spool that cannot go on ends the upload with its own error', async () => {
  const full = new UploadError('NO_SPACE', 'full');
  const spool: Spool = { receive: () => Promise.reject(full) };

  const received = receiveMultipart(inPieces(form), contentType, spool, limits);

  await expect(received).rejects.toBe(full);
});

async function contents(
  files: Awaited<ReturnType<typeof receiveMultipart>>['files'],
): Promise<string[]> {
  return await Promise.all(files.map(({ file: { path } }) => readFile(path, 'utf8')));
}
