import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { receiveMultipart } from '../../src/blobs/receive-multipart.ts';
import { createSpool, type Spool } from '../../src/blobs/spool.ts';
import { UploadError } from '../../src/blobs/upload-error.ts';
import { body, file } from './multipart-body.ts';
import { emptyDir, filesBelow, inPieces } from './spool-files.ts';

const contentType = 'multipart/form-data; boundary=cut';
const limits = { maxBytes: 1_000_000 };

test('the body is read no faster than the spool writes', async () => {
  const spool = createSpool(await emptyDir());
  let asked = 0;
  async function* endless() {
    yield Buffer.from(`--cut\r\n${file('a', 'a', '').trimEnd()}\r\n\r\n`);
    for (;;) {
      asked += 1;
      yield await Promise.resolve(Buffer.alloc(65_536));
    }
  }
  const controller = new AbortController();
  const idle: Spool = {
    receive: async (source, options) => {
      await sleep(200, undefined, { signal: controller.signal });
      return await spool.receive(source, options);
    },
  };

  const received = receiveMultipart(endless(), contentType, idle, {
    maxBytes: 1e12,
    signal: controller.signal,
  });
  await sleep(100);
  const askedWhileIdle = asked;
  controller.abort(new Error('enough'));

  await expect(received).rejects.toThrow();
  expect(askedWhileIdle).toBeLessThanOrEqual(3);
});

test('hundreds of files in one piece of the body all arrive', async () => {
  const spool = createSpool(await emptyDir());
  const names = Array.from({ length: 1_000 }, (_, index) => `file-${index}`);
  const sent = body(...names.map((name) => file(name, name, `content of ${name}`)));

  const { files } = await receiveMultipart(inPieces(sent, 1e9), contentType, spool, {
    maxBytes: 1e9,
  });

  expect(files.map(({ field }) => field)).toEqual(names);
  expect(files.map(({ file: { sizeBytes } }) => sizeBytes)).toEqual(
    names.map((name) => `content of ${name}`.length),
  );
});

test('whatever bytes arrive, the answer is a form or an UploadError, and never a file left over', async () => {
  const dir = await emptyDir();
  const spool = createSpool(dir);
  const words = fc.constantFrom('--cut', '--cut--', '\r\n', 'Content-Disposition: form-data; ');
  const more = fc.constantFrom('name="a"', '; filename="b"', '\r\n\r\n', 'x', ': ', '\u0000', '"');

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(words, more), { maxLength: 40 }),
      fc.integer({ min: 1, max: 90 }),
      async (pieces, size) => {
        const sent = inPieces(pieces.join(''), size);

        const form = await receiveMultipart(sent, contentType, spool, limits).catch(
          (error: unknown) => {
            expect(error).toBeInstanceOf(UploadError);
            return { files: [] };
          },
        );
        await Promise.all(form.files.map(({ file }) => file.remove()));
      },
    ),
    { numRuns: 1_000 },
  );

  expect(await filesBelow(dir)).toEqual([]);
});
