import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSecretBox, SealedError } from '../../src/identity/seal.ts';
import { OperatorError } from '../../src/operator-error.ts';
import { openSecretKey } from '../../src/secret-key.ts';
import { dataDir } from '../support/data-dir.ts';

const box = createSecretBox(() => Buffer.alloc(32, 1));

test('what is sealed opens for the same purpose with the same key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (secret, purpose) => {
      expect(box.open(box.seal(secret, purpose), purpose)).toBe(secret);
    }),
  );
});

test('what is sealed opens for no other purpose, with no other key, and not when a bit of it changed', () => {
  const sealed = box.seal('secret', 'one');
  const other = createSecretBox(() => Buffer.alloc(32, 2));

  expect(() => box.open(sealed, 'two')).toThrow(SealedError);
  expect(() => other.open(sealed, 'one')).toThrow(/SECRET_KEY/);
  for (const at of sealed.keys()) {
    const tampered = Buffer.from(sealed);
    tampered[at] = (sealed[at] ?? 0) ^ 1;
    expect(() => box.open(tampered, 'one')).toThrow(SealedError);
  }
  expect(() => box.open(Buffer.of(1), 'one')).toThrow(SealedError);
});

test('the same secret is sealed differently each time', () => {
  expect(box.seal('secret', 'one')).not.toEqual(box.seal('secret', 'one'));
});

test('without SECRET_KEY a key is made once, readable by its owner alone', async () => {
  const dir = await dataDir();

  const made = openSecretKey({ dataDir: dir, secretKey: undefined })();
  const again = openSecretKey({ dataDir: dir, secretKey: undefined })();

  const file = join(dir, 'secret-key');
  expect(made).toHaveLength(32);
  expect(again).toEqual(made);
  expect(await readFile(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('SECRET_KEY is the key, and no file is made', async () => {
  const dir = await dataDir();

  const key = openSecretKey({ dataDir: dir, secretKey: 'ab'.repeat(32) })();

  expect(Buffer.from(key).toString('hex')).toBe('ab'.repeat(32));
  await expect(stat(join(dir, 'secret-key'))).rejects.toThrow('ENOENT');
});

test('a file that holds no key is said to, with what to do', async () => {
  const dir = await dataDir();
  await writeFile(join(dir, 'secret-key'), 'not a key');

  expect(() => openSecretKey({ dataDir: dir, secretKey: undefined })()).toThrow(OperatorError);
});
