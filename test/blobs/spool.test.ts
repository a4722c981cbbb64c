import { createHash } from 'node:crypto';
import { mkdir, readFile, utimes, writeFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSpool } from '../../src/blobs/spool.ts';
import { OperatorError } from '../../src/operator-error.ts';
import { breakingOff, emptyDir, filesBelow, hanging, inPieces } from './spool-files.ts';

const report = '<testsuites>…</testsuites>';

test('a source lies on disk under a name of ours, with its size and hash', async () => {
  const spool = createSpool(await emptyDir());

  const file = await spool.receive(inPieces(report), { name: '../../a.xml', maxBytes: 100 });

  expect(await readFile(file.path, 'utf8')).toBe(report);
  expect(file.path).not.toContain('a.xml');
  expect(file).toMatchObject({
    name: '../../a.xml',
    sizeBytes: Buffer.byteLength(report),
    sha256: createHash('sha256').update(report).digest('hex'),
  });
});

test('an empty source is an empty file', async () => {
  const spool = createSpool(await emptyDir());

  const file = await spool.receive(inPieces(''), { name: 'empty', maxBytes: 0 });

  expect(file.sizeBytes).toBe(0);
  expect(await readFile(file.path, 'utf8')).toBe('');
});

test('a removed file is gone, and can be removed again', async () => {
  const dir = await emptyDir();
  const file = await createSpool(dir).receive(inPieces(report), { name: 'a', maxBytes: 100 });

  await file.remove();
  await file.remove();

  expect(await filesBelow(dir)).toEqual([]);
});

test('a source of exactly the limit is taken, one byte more is refused and removed', async () => {
  const dir = await emptyDir();
  const spool = createSpool(dir);

  const taken = await spool.receive(inPieces('12345678'), { name: 'a', maxBytes: 8 });
  await taken.remove();
  const refused = spool.receive(inPieces('123456789'), { name: 'a', maxBytes: 8 });

  await expect(refused).rejects.toMatchObject({
    name: 'UploadError',
    code: 'TOO_LARGE',
    message: 'The file is larger than 8 bytes.',
  });
  expect(await filesBelow(dir)).toEqual([]);
});

test('a source that breaks off leaves no file, and its error is given on', async () => {
  const dir = await emptyDir();
  const broken = new Error('connection lost');

  const received = createSpool(dir).receive(breakingOff(report, broken), {
    name: 'a',
    maxBytes: 100,
  });

  await expect(received).rejects.toBe(broken);
  expect(await filesBelow(dir)).toEqual([]);
});

test('an abort ends even a source that hangs', async () => {
  const dir = await emptyDir();
  const reason = new Error('too slow');

  const received = createSpool(dir).receive(hanging(report), {
    name: 'a',
    maxBytes: 100,
    signal: abortedIn(50, reason),
  });

  await expect(received).rejects.toBe(reason);
  expect(await filesBelow(dir)).toEqual([]);
});

test('a full disk is said in one sentence, and the file is removed', async () => {
  const dir = await emptyDir();
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });

  const received = createSpool(dir).receive(breakingOff(report, full), { name: 'a', maxBytes: 99 });

  await expect(received).rejects.toMatchObject({ code: 'NO_SPACE', cause: full });
  expect(await filesBelow(dir)).toEqual([]);
});

test('a start removes what dead processes left, and nothing of living ones', async () => {
  const dir = await emptyDir();
  const host = hostname().replace(/[^\w-]/g, '_');
  const now = new Date();
  const twoDaysAgo = new Date(now.getTime() - 48 * 3_600_000);
  const living = await createSpool(dir).receive(inPieces('living'), { name: 'a', maxBytes: 99 });
  await leftover(dir, { by: `${host}.999999999.x`, name: 'dead', at: now });
  await leftover(dir, { by: `${host}.${process.pid}.x`, name: 'last-container', at: twoDaysAgo });
  await leftover(dir, { by: 'elsewhere.1.x', name: 'another-host', at: now });
  await leftover(dir, { by: 'elsewhere.2.x', name: 'idle-host', at: twoDaysAgo });

  createSpool(dir);

  expect((await filesBelow(dir)).sort()).toEqual(
    ['another-host', living.path.split('/').at(-1)].sort(),
  );
});

test('a directory cleaned by somebody else is made again', async () => {
  const dir = await emptyDir();
  const spool = createSpool(dir);
  await rm(dir, { recursive: true });

  const file = await spool.receive(inPieces(report), { name: 'a', maxBytes: 100 });

  expect(await readFile(file.path, 'utf8')).toBe(report);
});

test('a directory that cannot be made stops the start with one line', async () => {
  const file = join(await emptyDir(), 'file');
  await writeFile(file, '');

  expect(() => createSpool(join(file, 'spool'))).toThrow(OperatorError);
});

interface Leftover {
  readonly by: string;
  readonly name: string;
  readonly at: Date;
}

async function leftover(dir: string, { by, name, at }: Leftover): Promise<void> {
  await mkdir(join(dir, by));
  await writeFile(join(dir, by, name), 'left');
  await utimes(join(dir, by), at, at);
}

function abortedIn(milliseconds: number, reason: Error): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => {
    controller.abort(reason);
  }, milliseconds);
  return controller.signal;
}
