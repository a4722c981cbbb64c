import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { errorCode } from './error-code.ts';
import { OperatorError } from './operator-error.ts';

const keyBytes = 32;

/**
 * Gives the key that secrets are sealed with: SECRET_KEY, else the one in the data directory's file `secret-key`,
 * which is made when it is missing. Read when it is first asked for.
 */
export function openSecretKey({
  secretKey,
  dataDir,
}: Pick<Config, 'secretKey' | 'dataDir'>): () => Uint8Array {
  let key: Uint8Array | undefined =
    secretKey === undefined ? undefined : Buffer.from(secretKey, 'hex');
  return () => (key ??= keyInFile(dataDir));
}

/** @throws {OperatorError} when the file cannot be read or written, or holds no key */
function keyInFile(dataDir: string): Buffer {
  const file = join(dataDir, 'secret-key');
  try {
    const text = readIfThere(file) ?? makeKey(dataDir, file);
    const key = Buffer.from(text.trim(), 'hex');
    if (key.length === keyBytes) return key;
  } catch (error) {
    throw new OperatorError(
      `cannot read or make ${file} (${errorCode(error) || String(error)}): set SECRET_KEY (make one with: openssl rand -hex 32)`,
    );
  }
  throw new OperatorError(
    `${file} holds no key of 64 hex digits: restore it from a backup; without one, remove it and make all webhook sources again`,
  );
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Of several gateways that start at once, one makes it; it is never seen half written. */
function makeKey(dataDir: string, file: string): string {
  mkdirSync(dataDir, { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, `${randomBytes(keyBytes).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(file, 'utf8');
}
